//! The manual's worked example is what is compiled: its page shows the file, whole and word for word. The
//! file itself is compiled and tested inside the crate, where a contract type lives.

const PAGE: &str = include_str!("../../../docs/book/add-a-contract-type.md");
const FILE: &str = include_str!("../../../docs/book/add-a-contract-type/deposit.rs");

#[test]
fn the_page_shows_the_file_that_is_compiled() {
    assert!(PAGE.contains(&format!("```rust\n{FILE}```\n")), "copy deposit.rs into its page");
}
