//! "Did you mean": the nearest of some names.

/// The name nearest to `word`, if it is near enough to be a slip.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = 1 + length / 4;
    names
        .into_iter()
        // Words that differ in length by more take more edits.
        .filter(|name| name.chars().count().abs_diff(length) <= limit)
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// The names nearest to `word`, the nearest first, at most `count`, however far they are.
pub fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = names.into_iter().map(|name| (distance(word, name), name)).collect();
    near.sort_unstable();
    near.into_iter().take(count).map(|(_, name)| name).collect()
}

/// Advice for a wrong word: the nearest name, else the list of names if it is short.
pub fn advice<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if let Some(name) = nearest(word, names.iter().copied()) {
        return format!("did you mean `{name}`?");
    }
    match names.len() {
        0 => String::new(),
        1..=24 => format!("one of: {}", names.join(", ")),
        many => format!("none of the {many} known names is close"),
    }
}

/// Edits between two words, a swap of neighbours counting as one (Damerau 1964, restricted form).
/// Words are cut at 64 characters, so the work is bounded.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().take(64).flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_does_not() {
        let names = ["minimum", "margin", "usage"];
        assert_eq!(nearest("minumum", names), Some("minimum"));
        assert_eq!(nearest("usgae", names), Some("usage"));
        assert_eq!(nearest("quux", names), None);
    }
}
