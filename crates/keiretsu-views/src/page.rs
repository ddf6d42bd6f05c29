//! A page to text, Markdown and HTML: each section with its sentences and the command that says more.
//!
//! Invariant: text has no more lines than it may; what is left out first is the later sentences of sections,
//! then the empty lines between them.

use keiretsu_values::{Page, PageSection};

use crate::finding::sentence;
use crate::wrap::{one_line, width, wrap};
use crate::{Style, html, markdown};

/// Lines of a page on a screen.
pub const LINES: usize = 40;
/// Indent of sentences.
const INDENT: usize = 2;

/// The page as text, of at most a screen.
pub fn text(page: &Page, style: &Style) -> String {
    let mut sections: Vec<(&PageSection, Vec<String>)> = page
        .sections
        .iter()
        .map(|section| (section, section.findings.iter().map(sentence).collect()))
        .collect();
    let most = style.lines.unwrap_or(LINES).min(LINES);
    let mut apart = true;
    loop {
        let lines = lines(page, &sections, apart, style);
        let longest = (0..sections.len()).filter(|at| 1 < sections[*at].1.len());
        // Of several, the last: what matters most stands first.
        let longest = longest.max_by_key(|at| (sections[*at].1.len(), *at));
        match longest {
            Some(at) if most < lines.len() => drop(sections[at].1.pop()),
            None if most < lines.len() && apart => apart = false,
            _ => return lines.into_iter().map(|line| line + "\n").collect(),
        }
    }
}

fn lines(page: &Page, sections: &[(&PageSection, Vec<String>)], apart: bool, style: &Style) -> Vec<String> {
    let plain = |text: &str, indent: usize| -> Vec<String> {
        let lines = wrap(&one_line(text), style.width.saturating_sub(indent).max(20), INDENT);
        lines.into_iter().map(|line| " ".repeat(indent) + &line).collect()
    };
    let mut lines: Vec<String> =
        plain(&page.title, 0).into_iter().map(|line| ink(&line, "1", style)).collect();
    lines.extend(plain(&page.subtitle, 0).into_iter().map(|line| ink(&line, "2", style)));
    for (section, sentences) in sections {
        lines.extend(apart.then(String::new));
        lines.push(head(section, style));
        lines.extend(sentences.iter().flat_map(|words| plain(words, INDENT)));
    }
    lines
}

/// The title of a section, and to the right the command that says more; alone where there is no room.
fn head(section: &PageSection, style: &Style) -> String {
    let (title, next) = (one_line(&section.title), one_line(&section.next));
    let room = style.width.checked_sub(width(&title) + width(&next)).filter(|room| 2 <= *room);
    let title = ink(&title, "1", style);
    match room {
        Some(room) => format!("{title}{}{}", " ".repeat(room), ink(&next, "2", style)),
        None => title,
    }
}

fn ink(text: &str, code: &str, style: &Style) -> String {
    if style.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The page as Markdown, whole.
pub fn markdown(page: &Page) -> String {
    let mut parts = vec![format!("## {}", markdown::prose(&page.title)), markdown::prose(&page.subtitle)];
    for section in &page.sections {
        parts.push(format!("### {}", markdown::prose(&section.title)));
        parts.extend(section.findings.iter().map(|finding| markdown::prose(&sentence(finding))));
        parts.push(format!("`{}`", section.next.replace('`', "'")));
    }
    parts.join("\n\n") + "\n"
}

/// The page as HTML, whole.
pub fn html(page: &Page) -> String {
    let section = |section: &PageSection| {
        let findings = section.findings.iter().map(sentence);
        let findings = findings.map(|words| format!("<p class=\"finding\">{}</p>\n", html::escaped(&words)));
        format!(
            "<section>\n<h2>{}</h2>\n{}<p class=\"note\"><code>{}</code></p>\n</section>\n",
            html::escaped(&section.title),
            findings.collect::<String>(),
            html::escaped(&section.next)
        )
    };
    let sections: String = page.sections.iter().map(section).collect();
    let head = format!(
        "<header><h1>{}</h1>\n<p class=\"sub\">{}</p></header>\n",
        html::escaped(&page.title),
        html::escaped(&page.subtitle)
    );
    html::page(&page.title, &format!("{head}<main>\n{sections}</main>\n"))
}

#[cfg(test)]
mod tests {
    use keiretsu_values::Finding;

    use super::*;

    fn page(sections: usize, sentences: usize) -> Page {
        let section = |at: usize| PageSection {
            title: format!("Question {at}"),
            findings: (0..sentences).map(|at| Finding::text(format!("Sentence {at}."))).collect(),
            next: "keiretsu show m".to_owned(),
        };
        Page {
            title: "A web".to_owned(),
            subtitle: "as of now".to_owned(),
            sections: (0..sections).map(section).collect(),
        }
    }

    #[test]
    fn a_page_is_no_longer_than_a_screen_and_keeps_the_first_sentence_of_each_section() {
        let text = text(&page(9, 6), &Style::default());
        assert!(text.lines().count() <= LINES, "{text}");
        assert_eq!(text.matches("Sentence 0.").count(), 9);
    }

    #[test]
    fn the_next_command_stands_to_the_right_where_there_is_room() {
        let wide = text(&page(1, 1), &Style { width: 40, ..Style::default() });
        assert!(wide.contains("Question 0               keiretsu show m\n"), "{wide}");
        let narrow = text(&page(1, 1), &Style { width: 20, ..Style::default() });
        assert!(!narrow.contains("keiretsu"), "{narrow}");
    }

    #[test]
    fn words_of_a_model_are_no_markup_on_a_page() {
        let page = Page { title: "<b>".to_owned(), ..page(1, 1) };
        assert!(!html(&page).contains("<b>"));
        assert!(markdown(&page).contains("\\<b\\>"));
    }
}
