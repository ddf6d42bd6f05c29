//! How much of an answer people see, and the flags that change it.

use std::path::Path;

use super::harness::{Folder, SMALL};

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn every_command_fits_a_screen_at_every_width() {
    let folder = Folder::with(SMALL);
    for width in ["80", "100", "140"] {
        for command in [
            &["show"][..],
            &["run"],
            &["limits"],
            &["measure", "--list"],
            &["explain", "--list"],
            &["explain", "coverage(lab, cloud, firm)"],
            &["diff", ".@2025-12-31", ".@2026-06-30"],
            &["help", "MOIC"],
        ] {
            let text = folder.run(&[command, &["--width", width]].concat()).out;
            assert!(text.lines().count() <= 40, "{command:?} at {width}:\n{text}");
            assert!(widest(&text) <= width.parse().unwrap_or(0), "{command:?} at {width}:\n{text}");
        }
    }
}

/// What needs more words than a question of a session has: on both examples, at three widths.
#[test]
fn every_command_on_the_examples_fits_a_screen() {
    let folder = Folder::new();
    let example = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    for name in ["three-clouds", "ai-web"] {
        let model = example(name).canonicalize().expect("the example").display().to_string();
        let then = format!("{model}@2026-01-31");
        let fails = ["reverse", "--event", "cash(openai) < $20B", "--by", "2027-12"];
        let statement = ["explain", "--from", "openai.cash", "--reading", "firm"];
        for command in [
            &[&["check"][..], &[&model]].concat()[..],
            &[&["run"][..], &[&model]].concat(),
            &[&["compare"][..], &[&model]].concat(),
            &[&["compare"][..], &[&model, "--define"]].concat(),
            &[&["stress"][..], &[&model]].concat(),
            &[&fails[..], &[&model]].concat(),
            &[&statement[..], &[&model]].concat(),
            &[&["diff"][..], &[&then, &model]].concat(),
        ] {
            // What is computed once and drawn three times is asked once where that takes long.
            let slow = name == "ai-web" && ["diff", "explain"].contains(&command[0]);
            let widths = if slow { &["80"][..] } else { &["80", "100", "140"] };
            for width in widths {
                let text = folder.run(&[command, &["--width", width]].concat()).well();
                assert!(text.lines().count() <= 40, "{command:?} at {width}:\n{text}");
                assert!(widest(&text) <= width.parse().unwrap_or(0), "{command:?} at {width}:\n{text}");
            }
        }
    }
}

#[test]
fn a_screen_has_forty_columns_or_more() {
    let folder = Folder::with(SMALL);
    folder.run(&["run", "--width", "39"]).failed(2, "40..");
    for command in [&["run"][..], &["check"], &["check", "--assumptions"], &["show"], &["compare"]] {
        let text = folder.run(&[command, &["--width", "40"]].concat()).out;
        assert!(widest(&text) <= 40, "{command:?}:\n{text}");
    }
}

#[test]
fn a_measure_in_the_place_of_a_command_is_told() {
    let folder = Folder::with(SMALL);
    folder.run(&["cash"]).failed(2, "keiretsu measure MODEL cash");
    folder.run(&["contracts", "."]).failed(2, "keiretsu show MODEL contracts");
}

#[test]
fn all_says_nothing_twice() {
    let folder = Folder::with(SMALL);
    let all = folder.run(&["measure", "commitments", "--all"]).well();
    assert!(all.contains("all readings"), "{all}");
}

#[test]
fn what_is_not_shown_is_a_flag_away() {
    let folder = Folder::with(SMALL);
    let screen = folder.run(&["limits"]).well();
    assert!(screen.lines().count() <= 40 && screen.contains("more limits (--all)"), "{screen}");
    let all = folder.run(&["limits", "--all"]).well();
    assert!(all.lines().count() > 40 && !all.contains("not shown"), "{all}");
    let top = folder.run(&["limits", "--top", "3"]).well();
    assert!(top.contains("a line of it") && !top.contains("contracts  "), "{top}");
    let narrow = folder.run(&["measure", "commitments", "--width", "60"]).well();
    assert!(narrow.contains("(--wide)"), "{narrow}");
    let wide = folder.run(&["measure", "commitments", "--width", "60", "--wide"]).well();
    assert!(!wide.contains("(--wide)") && widest(&wide) > 60, "{wide}");
}

#[test]
fn one_table_and_another_order_are_asked_for_by_name() {
    let folder = Folder::with(SMALL);
    let one = folder.run(&["measure", "commitments", "--table", "contracts"]).well();
    assert!(one.starts_with("Commitments by contract") && !one.contains("between parties"), "{one}");
    folder.run(&["measure", "commitments", "--table", "contract"]).failed(2, "`contracts`");
    folder.run(&["measure", "commitments", "--sort", "totals"]).failed(2, "did you mean `total`?");
    folder.run(&["measure", "commitments", "--sort", "Total"]).well();
}

#[test]
fn files_and_formats_for_programs_are_whole() {
    let folder = Folder::with(SMALL);
    folder.run(&["limits", "-o", "limits.txt"]).well();
    let file = folder.read("limits.txt");
    assert!(file.lines().count() > 40 && !file.contains("not shown"), "{file}");
    for format in ["json", "csv", "markdown"] {
        let text = folder.run(&["limits", "--format", format]).well();
        assert!(text.contains("a file of a model") && text.contains("15/16 of what is free"), "{text}");
    }
}

#[test]
fn what_is_printed_can_be_typed_back() {
    let folder = Folder::with(SMALL);
    // About $100M less 120 a year: what is printed is an address, in any case and with its comma.
    let text = folder.run(&["explain", "CASH(Lab, all readings, 2026, cash at end)", "--table", "number"]);
    assert!(text.well().contains("~-$20M"), "the first year");
    let same = folder.run(&["measure", "cash", "--set", "lab.cash=$100M"]).well();
    assert!(same.contains("-$20M"), "{same}");
}

#[test]
fn help_explains_commands_and_words() {
    let folder = Folder::new();
    assert!(folder.run(&["help", "pfe"]).well().contains("quantile of exposure"));
    assert!(folder.run(&["help", "own", "money"]).well().contains("had left that party before"));
    assert!(folder.run(&["help", "measure"]).well().contains("--list"));
    assert!(folder.run(&["help"]).well().contains("A first session"));
    folder.run(&["help", "moik"]).failed(2, "moic");
}
