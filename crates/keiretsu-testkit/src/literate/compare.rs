//! Turns what a page says and what a command printed into the edits between them.
//!
//! ```
//! use keiretsu_testkit::literate::compare::align;
//! let lines = |text: &str| text.lines().map(str::to_string).collect::<Vec<_>>();
//! assert!(align(&lines("a\n...\nd"), &lines("a\nb\nc\nd")).iter().all(|edit| edit.is_same()));
//! ```
//!
//! Invariant: the fewest edits; with none, the page is true.

/// A line of a page that stands for any lines but the exit status.
pub const GAP: &str = "...";

/// Lines shown around a difference.
const CONTEXT_LINES: usize = 3;

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// On the page and printed; or a gap.
    Same(String),
    /// On the page, not printed.
    Missing(String),
    /// Printed, not on the page.
    Extra(String),
}

impl Edit {
    /// Whether page and output agree here.
    pub fn is_same(&self) -> bool {
        matches!(self, Edit::Same(_))
    }

    /// The line behind the mark of a diff.
    fn marked(&self) -> String {
        match self {
            Edit::Same(words) => format!(" {words}"),
            Edit::Missing(words) => format!("-{words}"),
            Edit::Extra(words) => format!("+{words}"),
        }
    }
}

/// The fewest edits from the page to the output.
pub fn align(page: &[String], printed: &[String]) -> Vec<Edit> {
    let costs = Costs::of(page, printed);
    let (mut i, mut j, mut edits) = (0, 0, Vec::new());
    while i < page.len() || j < printed.len() {
        let both_left = i < page.len() && j < printed.len();
        let (skip, take) = (costs.at(i + 1, j), costs.at(i, j + 1));
        if i < page.len() && page[i] == GAP {
            if both_left && !is_status(&printed[j]) && take < skip {
                j += 1;
            } else {
                edits.push(Edit::Same(page[i].clone()));
                i += 1;
            }
        } else if both_left && page[i] == printed[j] {
            edits.push(Edit::Same(page[i].clone()));
            (i, j) = (i + 1, j + 1);
        } else if i < page.len() && skip <= take {
            edits.push(Edit::Missing(page[i].clone()));
            i += 1;
        } else {
            edits.push(Edit::Extra(printed[j].clone()));
            j += 1;
        }
    }
    edits
}

/// Fewest edits between each ending of the page and each ending of the output: 4 bytes times the lines of the
/// page times the lines printed, of which the page's are few.
struct Costs {
    width: usize,
    cells: Vec<u32>,
}

impl Costs {
    fn of(page: &[String], printed: &[String]) -> Costs {
        let (height, width) = (page.len() + 1, printed.len() + 1);
        let mut costs = Costs { width, cells: vec![Costs::BEYOND; height * width] };
        costs.cells[height * width - 1] = 0;
        for i in (0..height).rev() {
            for j in (0..width).rev().filter(|&j| i < page.len() || j < printed.len()) {
                let (skip, take) = (costs.at(i + 1, j), costs.at(i, j + 1));
                let both_left = i < page.len() && j < printed.len();
                costs.cells[i * width + j] = if i < page.len() && page[i] == GAP {
                    let takes_any = both_left && !is_status(&printed[j]);
                    skip.min(if takes_any { take } else { Costs::BEYOND })
                } else if both_left && page[i] == printed[j] {
                    costs.at(i + 1, j + 1)
                } else {
                    1 + skip.min(take)
                };
            }
        }
        costs
    }

    /// More than any number of edits, with room to add one.
    const BEYOND: u32 = u32::MAX / 2;

    fn at(&self, i: usize, j: usize) -> u32 {
        let is_inside = j < self.width && i * self.width + j < self.cells.len();
        if is_inside { self.cells[i * self.width + j] } else { Costs::BEYOND }
    }
}

/// The differences as a unified diff; `first` is the line in the file of the first line of the page's output.
pub fn shown(edits: &[Edit], file: &str, first: usize) -> String {
    let is_near = |at: usize| {
        let near = at.saturating_sub(CONTEXT_LINES)..(at + CONTEXT_LINES + 1).min(edits.len());
        edits[near].iter().any(|edit| !edit.is_same())
    };
    let (mut lines, mut line, mut in_hunk) = (Vec::new(), first, false);
    for (at, edit) in edits.iter().enumerate() {
        if is_near(at) && !in_hunk {
            lines.push(format!("@@ {file}:{line}"));
        }
        in_hunk = is_near(at);
        if in_hunk {
            lines.push(edit.marked().trim_end().to_string());
        }
        line += usize::from(!matches!(edit, Edit::Extra(_)));
    }
    lines.join("\n")
}

/// The printed lines as the page would say them: with its one gap between as many lines as before, if there
/// is room.
pub fn with_gap_kept(page: &[String], printed: Vec<String>) -> Vec<String> {
    let gaps: Vec<usize> = (0..page.len()).filter(|&at| page[at] == GAP).collect();
    let [head] = gaps[..] else { return printed };
    let tail = page.len() - head - 1;
    if printed.len() <= head + tail {
        return printed;
    }
    let gap = vec![GAP.to_string()];
    [&printed[..head], &gap, &printed[printed.len() - tail..]].concat()
}

/// Whether the line is an exit status.
fn is_status(line: &str) -> bool {
    line.strip_prefix("? ")
        .is_some_and(|code| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_terminator('|').map(str::to_string).collect()
    }

    fn check(page: &str, printed: &str, expected: &str) {
        let edits = align(&lines(page), &lines(printed));
        let marked: Vec<String> = edits.iter().map(|edit| edit.marked() + "|").collect();
        assert_eq!(marked.concat(), expected);
    }

    #[test]
    fn equal_lines_need_no_edit() {
        check("", "", "");
        check("a|b", "a|b", " a| b|");
    }

    #[test]
    fn edits_are_fewest() {
        check("a|b|c", "a|x|c", " a|-b|+x| c|");
        check("b|c", "a|b|c|d", "+a| b| c|+d|");
        check("a", "", "-a|");
    }

    #[test]
    fn a_gap_takes_any_lines_but_the_status() {
        check("...", "a|b", " ...|");
        check("a|...", "a", " a| ...|");
        check("...|c|...", "a|b|c|d", " ...| c| ...|");
        check("...", "a|? 1", " ...|+? 1|");
        check("...|? 1", "a|? 1", " ...| ? 1|");
        check("a|...|d", "a|b|c", " a| ...|-d|");
    }

    #[test]
    fn far_lines_are_not_shown() {
        let page: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let mut printed = page.clone();
        printed[10] = "x".into();
        let text = shown(&align(&page, &printed), "p.md", 101);
        assert_eq!(text, "@@ p.md:108\n 7\n 8\n 9\n-10\n+x\n 11\n 12\n 13");
    }

    #[test]
    fn the_gap_is_kept_if_there_is_one_and_room() {
        let kept = |page, printed| with_gap_kept(&lines(page), lines(printed)).join("|");
        assert_eq!(kept("a|...|z", "b|c|d|e"), "b|...|e");
        assert_eq!(kept("a|...|z", "b|c"), "b|c");
        assert_eq!(kept("...|a|...", "b|c"), "b|c");
        assert_eq!(kept("a", "b|c"), "b|c");
    }
}
