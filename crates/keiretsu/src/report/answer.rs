//! The answer first: the sentences of the page of `run`.

use keiretsu_values::Page;
use keiretsu_views::finding::sentence;
use keiretsu_views::html::escaped;

use super::Part;

/// The sentences of a page, each under its question.
pub(crate) fn part(page: &Page) -> Option<Part> {
    let answered = page.sections.iter().filter(|section| !section.findings.is_empty());
    let items: String = answered
        .map(|section| {
            let sentences: String = section
                .findings
                .iter()
                .map(|finding| format!("<p>{}</p>\n", escaped(&sentence(finding))))
                .collect();
            format!("<li><h3>{}</h3>\n{sentences}</li>\n", escaped(&section.title))
        })
        .collect();
    let body = format!("<ul class=\"answers\">\n{items}</ul>\n");
    (!items.is_empty()).then(|| Part { id: "answer", title: "The answer", lead: String::new(), body })
}
