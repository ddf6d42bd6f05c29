//! Text to text without hidden characters: a character without shape, or that turns the reading around, is
//! printed as its number.

/// Characters without width, or that change the direction of text, with the blank letters of Korean. Accents
/// and selectors of letter shapes are part of names, and stay.
const HIDDEN: [(char, char); 17] = [
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{600}', '\u{605}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{6DD}', '\u{6DD}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{202A}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFB}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E007F}'),
];

/// Whether a character is invisible or misleading.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control() || HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&letter))
}

/// The text with `<U+202E>` in the place of a character that would not be seen; line ends stay.
///
/// ```
/// assert_eq!(keiretsu_views::visible("a\u{202E}b\u{1b}[1m"), "a<U+202E>b<U+001B>[1m");
/// assert_eq!(keiretsu_views::visible("Société\n株式会社甲"), "Société\n株式会社甲");
/// ```
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '\n' && is_hidden(letter) {
            shown += &format!("<U+{:04X}>", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown
}
