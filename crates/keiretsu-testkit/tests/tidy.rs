//! The house rules, as tests: `cargo test -p keiretsu-testkit tidy`. With `UPDATE=1` the ratchet is lowered
//! to what is there; it is raised only by hand, in a reviewed change.

use keiretsu_testkit::tidy::{
    Workspace, borders, glossary, lines, map, report, root, sizes, update_asked, words,
};

#[test]
fn tidy_sizes_only_shrink() {
    let mut workspace = Workspace::here();
    if update_asked() {
        let path = root().join(sizes::RATCHET);
        std::fs::write(path, sizes::lowered(&workspace)).expect("the ratchet can be written");
        workspace = Workspace::here();
    }
    let rules = [sizes::files, sizes::stale_entries];
    report(rules.iter().flat_map(|rule| rule(&workspace)).collect());
}

#[test]
fn tidy_lines_are_short() {
    report(lines::length(&Workspace::here()));
}

#[test]
fn tidy_source_files_open_with_their_doc() {
    report(lines::module_docs(&Workspace::here()));
}

#[test]
fn tidy_words_and_names() {
    let workspace = Workspace::here();
    report(
        [words::banned(&workspace), words::file_names(&workspace), words::machine_paths(&workspace)].concat(),
    );
}

#[test]
fn tidy_borders() {
    let workspace = Workspace::here();
    let rules = [borders::serde_derives, borders::outside_world];
    report(rules.iter().flat_map(|rule| rule(&workspace)).collect());
}

#[test]
fn tidy_map_shows_the_workspace() {
    let workspace = Workspace::here();
    report([map::crate_table(&workspace), map::paths(&workspace), map::pages(&workspace)].concat());
}

#[test]
fn tidy_types_speak_the_glossary() {
    let workspace = Workspace::here();
    let alike = glossary::names_alike(&workspace);
    report([glossary::rows(&workspace), glossary::type_words(&workspace), alike].concat());
}
