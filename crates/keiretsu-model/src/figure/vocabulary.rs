//! The words of a figure that stand for qualifiers and for parts of a whole.

#[derive(Clone, Copy)]
pub(super) enum Qualifier {
    About,
    UpTo,
    AtLeast,
}

/// The words of qualifiers, the longer before those with which they begin.
pub(super) const QUALIFIERS: [(&str, Qualifier); 37] = [
    ("about", Qualifier::About),
    ("roughly", Qualifier::About),
    ("nearly", Qualifier::About),
    ("approximately", Qualifier::About),
    ("around", Qualifier::About),
    ("circa", Qualifier::About),
    ("almost", Qualifier::About),
    ("some", Qualifier::About),
    ("estimated", Qualifier::About),
    ("close to", Qualifier::About),
    ("up to", Qualifier::UpTo),
    ("as much as", Qualifier::UpTo),
    ("as many as", Qualifier::UpTo),
    ("at most", Qualifier::UpTo),
    ("no more than", Qualifier::UpTo),
    ("not more than", Qualifier::UpTo),
    ("less than", Qualifier::UpTo),
    ("fewer than", Qualifier::UpTo),
    ("maximum of", Qualifier::UpTo),
    ("under", Qualifier::UpTo),
    ("below", Qualifier::UpTo),
    ("well over", Qualifier::AtLeast),
    ("more than", Qualifier::AtLeast),
    ("greater than", Qualifier::AtLeast),
    ("at least", Qualifier::AtLeast),
    ("no less than", Qualifier::AtLeast),
    ("not less than", Qualifier::AtLeast),
    ("minimum of", Qualifier::AtLeast),
    ("in excess of", Qualifier::AtLeast),
    ("upwards of", Qualifier::AtLeast),
    ("upward of", Qualifier::AtLeast),
    ("exceeding", Qualifier::AtLeast),
    ("exceeds", Qualifier::AtLeast),
    ("topped", Qualifier::AtLeast),
    ("topping", Qualifier::AtLeast),
    ("over", Qualifier::AtLeast),
    ("above", Qualifier::AtLeast),
];

/// Parts of a whole in words.
pub(super) const PARTS: [(&str, f64); 14] = [
    ("half", 0.5),
    ("one half", 0.5),
    ("one-half", 0.5),
    ("a third", 1.0 / 3.0),
    ("one third", 1.0 / 3.0),
    ("one-third", 1.0 / 3.0),
    ("two thirds", 2.0 / 3.0),
    ("two-thirds", 2.0 / 3.0),
    ("one-quarter", 0.25),
    ("three-quarters", 0.75),
    ("a fifth", 0.2),
    ("one fifth", 0.2),
    ("one-fifth", 0.2),
    ("two-fifths", 0.4),
];
