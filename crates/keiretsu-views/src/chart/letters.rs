//! The width of words before a browser has set them: those of Arial and its kin, with room to spare.

/// The width of words in pixels at a size of type, bold or not.
pub fn width(words: &str, size: f64, bold: bool) -> f64 {
    const SPARE: f64 = 1.06;
    let weight = if bold { 1.07 } else { 1.0 };
    words.chars().map(of_letter).sum::<f64>() * size * weight * SPARE
}

/// In units of the size of type.
fn of_letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 0.23,
        'f' | 't' | 'I' | ' ' | '.' | ',' | ':' | ';' | '!' | '/' => 0.29,
        'r' | '-' | '(' | ')' => 0.34,
        'm' | 'M' => 0.84,
        'w' | 'W' | '%' | '@' => 0.94,
        'A'..='Z' | '~' | '≥' | '≤' | '≳' | '≲' => 0.7,
        'a'..='z' | '0'..='9' | '$' => 0.56,
        _ => 1.0,
    }
}

/// Words in lines no wider than this, broken between words; a word that is wider alone has a line of its own.
pub fn lines(words: &str, size: f64, bold: bool, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(last) if width(&format!("{last} {word}"), size, bold) <= most => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_between_words_and_never_cut() {
        let broken = lines("Apollo and Blackstone", 12.0, true, 90.0);
        assert_eq!(broken, ["Apollo and", "Blackstone"]);
        assert_eq!(lines("Anthropic", 12.0, true, 10.0), ["Anthropic"]);
    }
}
