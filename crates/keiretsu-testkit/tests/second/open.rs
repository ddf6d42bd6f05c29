//! Where the two readings are known to differ, each with its reason. The list only shrinks: an entry that no
//! text provokes any more fails the test.

use keiretsu_testkit::second::compare::{Difference, How};

/// A kind of difference that is not mended yet.
pub struct Open {
    /// A section of the text holds all of these words.
    pub words: &'static [&'static str],
    /// The cells are of one of these measures; none for all.
    pub measures: &'static [&'static str],
    /// They differ in one of these ways; none for all.
    pub how: &'static [How],
    /// What is wrong, or not decided.
    pub reason: &'static str,
}

/// A text that the product refuses, though nothing is wrong with it.
pub const REFUSED: &[(&str, &str)] = &[];

const UNKNOWN: &[How] = &[How::KnownOfUnknown, How::UnknownOfKnown];
const MARKS: &[How] = &[How::Mark, How::Ends];
const COMMITTED: &[&str] = &["between", "by year", "commitments", "concentration", "share", "coverage"];

/// All of them.
pub const OPEN: &[Open] = &[
    Open { words: &[], measures: &["cash"], how: MARKS, reason: "flows lose the words of their figures" },
    Open {
        words: &["undisclosed", "maturity"],
        measures: &["cash"],
        how: UNKNOWN,
        reason: "an undisclosed loan or note is unknown in every month after it was paid back or converted",
    },
    Open {
        words: &["up to"],
        measures: &["cash"],
        how: &[How::UnknownOfKnown],
        reason: "net of a column that reads as nothing, and may be more, is unknown",
    },
    Open {
        words: &["\"lease\"", "begins_when"],
        measures: &["cash"],
        how: &[],
        reason: "rent from a day that nobody knows is unknown beyond the last month in which it may be due",
    },
    Open {
        words: &["undisclosed"],
        measures: &["cash"],
        how: &[How::KnownOfUnknown],
        reason: "what is undisclosed moves as nothing",
    },
    Open {
        words: &[],
        measures: &["concentration", "share"],
        how: MARKS,
        reason: "revenue is read off flows, which lose their words",
    },
    Open {
        words: &[],
        measures: &["concentration", "share"],
        how: UNKNOWN,
        reason: "a flow that is unknown is unknown in months in which nothing falls due",
    },
    Open {
        words: &["\"loan\"", "when ="],
        measures: &[],
        how: &[],
        reason: "a loan drawn on a condition is paid back in full, and is no money put in",
    },
    Open {
        words: &["\"capex\""],
        measures: &["by year", "cash", "concentration", "share", "between", "commitments"],
        how: &[],
        reason: "what only goes outside is no supply, and amounts amended beyond the horizon hold throughout",
    },
    Open {
        words: &["\"lease\""],
        measures: COMMITTED,
        how: &[],
        reason: "a lease that begins on a condition, or guarantees a value, is not the sum of its dues",
    },
    Open {
        words: &["\"lease\""],
        measures: &["obligations", "borne"],
        how: &[],
        reason: "a lease that begins on a condition is weighed in full, the chance of a shortfall is unknown",
    },
    Open {
        words: &["€", "expect = \"$"],
        measures: &[],
        how: &[How::Amount],
        reason: "what is expected in the currency of the tables is converted as if in that of the figure",
    },
    Open {
        words: &["\"convertible\""],
        measures: &["cash"],
        how: &[How::Amount],
        reason: "what is disclosed of a note is not paid back where another draw of it is not",
    },
    Open {
        words: &["\"revenue_share\""],
        measures: &["between", "by year", "commitments", "concentration", "share", "cash", "coverage"],
        how: &[],
        reason: "announced it is in firm, its cap is not that of its dues, and it is supply",
    },
    Open {
        words: &["\"credits\""],
        measures: &["cash", "concentration", "share"],
        how: &[How::Amount],
        reason: "credits used before as-of are there again",
    },
    Open {
        words: &["\"backstop\""],
        measures: &["cash", "concentration", "share", "commitments", "obligations", "borne"],
        how: &[How::Amount],
        reason: "what was billed before as-of does not count towards the cap; expected is cut at the horizon",
    },
    Open {
        words: &["\"supply\"", "amendments"],
        measures: &[],
        how: &[How::Amount],
        reason: "an amendment from before the start, or after the end, takes the whole contract away",
    },
    Open {
        words: &["\"supply\"", "usage ="],
        measures: COMMITTED,
        how: &[How::Amount],
        reason: "use before as-of is due in its months; the second reading dates it with its bill",
    },
    Open {
        words: &["\"supply\"", "undisclosed"],
        measures: &["by year"],
        how: UNKNOWN,
        reason: "an undisclosed minimum is nothing, exactly, in years in which no contract year ends",
    },
    Open {
        words: &["when ="],
        measures: &["between", "commitments", "obligations", "borne", "coverage"],
        how: MARKS,
        reason: "no chance of more than an amount is at least nothing",
    },
    Open {
        words: &["\"announced\""],
        measures: &[],
        how: &[],
        reason: "what is announced has no bound, and its usage counts in full",
    },
    Open {
        words: &["undisclosed", "when ="],
        measures: &["between", "by year", "commitments", "obligations", "borne"],
        how: UNKNOWN,
        reason: "an undisclosed amount on a condition is undated, and unknown where its chance is nothing",
    },
    Open {
        words: &["when =", "before ="],
        measures: &["cash"],
        how: UNKNOWN,
        reason: "a tranche on what nobody knows is sometimes unknown in months after its lapse; where a \
                 level or a day stands beside it, the second reading holds any month for possible",
    },
];

impl Open {
    /// Whether a difference in a text is of this kind.
    pub fn covers(&self, text: &str, difference: &Difference) -> bool {
        let measure = difference.cell.split('|').next().unwrap_or_default();
        let of_measure = self.measures.is_empty() || self.measures.contains(&measure);
        let of_kind = self.how.is_empty() || self.how.contains(&difference.how);
        let holds = |section: &str| self.words.iter().all(|word| section.contains(word));
        of_measure && of_kind && text.split("\n[").any(holds)
    }
}
