//! Small tables in, bytes out.

mod parquet;
mod relation;
mod samples;
mod screen;

use crate::wrap::width;
use crate::{Style, by_name};
use keiretsu_values::{Bound, Cell, Column, ColumnKind, Table, Unit, Value};
use samples::{DOLLARS, compare, coverage, strategy, yearly};

fn write(format: &str, tables: &[Table], columns: usize) -> String {
    let style = Style { width: columns, ..Style::default() };
    String::from_utf8(by_name(format).unwrap().write(tables, &style)).unwrap()
}

/// Compares the output of a format with the expected lines.
#[track_caller]
fn check(format: &str, table: &Table, columns: usize, expected: &str) {
    let written = write(format, std::slice::from_ref(table), columns);
    assert_eq!(written.trim_end(), expected.trim_matches('\n').trim_end(), "\n{written}");
}

#[test]
fn lines_stay_within_the_width() {
    for table in [strategy(), yearly(), compare(), coverage(), Table::default()] {
        for columns in 40..=200 {
            let written = write("table", std::slice::from_ref(&table), columns);
            for line in written.lines() {
                assert!(width(line) <= columns, "{} columns: {line}\n{written}", width(line));
                assert_eq!(line, line.trim_end(), "no spaces at the end");
            }
        }
    }
}

#[test]
fn wide_letters_and_odd_widths_are_laid_out_too() {
    let columns = vec![Column::text("party"), Column::number("paid", DOLLARS), Column::text("words")];
    let mut table = Table::new("a", "系列の表", columns);
    table.push(vec![Cell::text("三菱"), Cell::exact(8e9), Cell::text("株式の持ち合い ".repeat(9))]);
    table.push(vec![Cell::text("\u{1b}[31mred"), Cell::exact(12.5e9), Cell::Empty]);
    for columns in [0, 1, 20, 40, usize::MAX] {
        let written = write("table", std::slice::from_ref(&table), columns);
        assert!(!written.contains('\u{1b}'), "a model can not colour the terminal");
        assert!(written.lines().all(|line| width(line) <= columns.max(40)), "{written}");
    }
    let narrow = write("table", &[table], 44);
    assert!(narrow.contains("三菱                $8B  株式の持ち合い\n"), "{narrow}");
}

#[test]
fn every_number_carries_its_mark_and_its_unit_and_zero_is_no_unknown() {
    check(
        "table",
        &coverage(),
        80,
        "
Contracted back for each dollar put in
as of 2026-05-01

pair                   paid  contracted back  coverage
──────────────────────────────────────────────────────
amazon in anthropic    $13B           ≥$100B     ≥7.6x
microsoft in openai  $13.8B            $250B    ?18.1x
google in anthropic    ~$3B               $0   unknown

? as read: it may be more and it may be less

left out:
  google in anthropic (coverage): stake undisclosed

assumptions:
  anthropic: the AWS minimum is cumulative
",
    );
}

#[test]
fn headings_wrap_before_words_and_words_before_a_column_goes() {
    check(
        "table",
        &coverage(),
        42,
        "
Contracted back for each dollar put in
as of 2026-05-01

                      contracted
pair            paid        back  coverage
──────────────────────────────────────────
amazon in       $13B      ≥$100B     ≥7.6x
  anthropic
microsoft in  $13.8B       $250B    ?18.1x
  openai
google in       ~$3B          $0   unknown
  anthropic

? as read: it may be more and it may be
  less

left out:
  google in anthropic (coverage): stake
    undisclosed

assumptions:
  anthropic: the AWS minimum is cumulative
",
    );
}

#[test]
fn a_table_too_wide_loses_whole_columns_and_names_them() {
    check(
        "table",
        &yearly(),
        80,
        "
Commitments by the year they fall due
firm reading, as of 2026-05-01, 10,000 paths, seed 1

from       to      contract            2026   2027    2028   2029    2030   2031
────────────────────────────────────────────────────────────────────────────────
anthropic  aws     anthropic-on-aws   $1.2B  $2.4B   $3.6B  $4.8B     $6B  $7.2B
openai     oracle  stargate-         $14.5B   $29B  $43.5B   $58B  $72.5B   $87B
                     abilene-lease
not shown: 2032, 2033, 2034, 2035, 2036, undated (--wide)

left out:
  openai (undated): dates are undisclosed
",
    );
    let style = Style { width: 80, wide: true, ..Style::default() };
    let wide = by_name("table").unwrap().write(&[yearly()], &style);
    let wide = String::from_utf8(wide).unwrap();
    assert!(wide.contains(" 2036  undated\n") && !wide.contains("not shown"), "{wide}");
}

#[test]
fn rows_with_units_of_their_own_print_them() {
    check(
        "table",
        &compare(),
        60,
        "
Side by side

question                                   amazon  microsoft
────────────────────────────────────────────────────────────
money at risk                                $33B     $13.8B
contracted back for each dollar put in       7.7x      18.1x
share of the partner that is held, as         17%        27%
  converted
capacity promised                            5 GW     1.5 GW
",
    );
}

#[test]
fn colour_adds_codes_and_moves_nothing() {
    let style = Style { width: 80, colour: true, ..Style::default() };
    let coloured = by_name("table").unwrap().write(&[coverage()], &style);
    let mut coloured = String::from_utf8(coloured).unwrap();
    for part in
        ["\u{1b}[1mContracted", "\u{1b}[2m────", "   \u{1b}[33munknown\u{1b}[0m\n", "\u{1b}[2mleft out:"]
    {
        assert!(coloured.contains(part), "{part:?} in {coloured:?}");
    }
    for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[33m"] {
        coloured = coloured.replace(code, "");
    }
    assert_eq!(coloured, write("table", &[coverage()], 80));
}

#[test]
fn several_tables_are_told_apart() {
    let mut table = Table::new("a", "A", vec![Column::text("x")]);
    table.push(vec![Cell::text("1")]);
    let both = [table.clone(), table];
    assert_eq!(write("table", &both, 80), "A\n\nx\n─\n1\n\n\nA\n\nx\n─\n1\n");
    assert_eq!(write("csv", &both, 80), "x\r\n1\r\n\r\nx\r\n1\r\n");
    assert_eq!(write("markdown", &both, 80).matches("### A\n").count(), 2);
    assert!(write("json", &both, 80).starts_with("[\n  {"));
}

#[test]
fn a_table_without_rows_says_so() {
    let table = Table::new("a", "A", vec![Column::text("x"), Column::number("paid", DOLLARS)]);
    check("table", &table, 80, "A\n\nno rows");
    check("markdown", &table, 80, "### A\n\n| x   | paid |\n| --- | ---: |");
    check("csv", &table, 80, "x,paid,paid_bound,paid_low,paid_high,paid_state");
}

#[test]
fn markdown_prints_the_numbers_of_the_text() {
    check(
        "markdown",
        &coverage(),
        0,
        "
### Contracted back for each dollar put in

as of 2026-05-01

| pair                |   paid | contracted back | coverage |
| ------------------- | -----: | --------------: | -------: |
| amazon in anthropic |   $13B |          ≥$100B |    ≥7.6x |
| microsoft in openai | $13.8B |           $250B |   ?18.1x |
| google in anthropic |   ~$3B |              $0 |  unknown |

? as read: it may be more and it may be less

Left out:

- google in anthropic (coverage): stake undisclosed

Assumptions:

- anthropic: the AWS minimum is cumulative
",
    );
}

#[test]
fn markdown_takes_words_for_words() {
    let mut table = Table::new("a", "$8B for $5B", vec![Column::text("x")]);
    table.push(vec![Cell::text("a|b <i>\n*c*")]);
    let written = write("markdown", &[table], 0);
    assert!(written.starts_with("### \\$8B for \\$5B\n"), "{written}");
    assert!(written.contains("| a\\|b \\<i> \\*c\\* |"), "{written}");
}

#[test]
fn csv_has_base_units_and_a_bound_beside_each_number() {
    check(
        "csv",
        &coverage(),
        0,
        "pair,paid,paid_bound,paid_low,paid_high,paid_state,contracted_back,contracted_back_bound,\
contracted_back_low,contracted_back_high,contracted_back_state,coverage,coverage_bound,coverage_low,\
coverage_high,coverage_state\r
amazon in anthropic,13000000000,=,13000000000,13000000000,known,100000000000,≥,100000000000,,known,\
7.6923,≥,7.6923,,known\r
microsoft in openai,13800000000,=,13800000000,13800000000,known,250000000000,=,250000000000,250000000000,\
known,18.1159420289855,,,,known\r
google in anthropic,3000000000,~,3000000000,3000000000,known,0,=,0,0,known,unknown,,,,unknown",
    );
    let own = write("csv", &[compare()], 0);
    let header = "question,unit,amazon,amazon_bound,amazon_low,amazon_high,amazon_state,microsoft,";
    assert!(own.starts_with(header), "{own}");
    assert!(own.contains("\r\ncapacity promised,GW,5,=,5,5,known,1.5,=,1.5,1.5,known\r\n"), "{own}");
}

#[test]
fn csv_never_hands_a_spreadsheet_a_formula() {
    let mut table = Table::new("a", "A", vec![Column::text("x"), Column::number("y", Unit::Share)]);
    for text in ["=1+1", "+1", "-1", "@a", "a=1", "a, \"b\"", "", "'=1", "'a", "\u{202E}a"] {
        table.push(vec![Cell::text(text), Cell::Empty]);
    }
    table.push(vec![Cell::Empty, Cell::exact(-0.5)]);
    check(
        "csv",
        &table,
        0,
        "x,y,y_bound,y_low,y_high,y_state\r\n'=1+1,,,,,none\r\n'+1,,,,,none\r\n'-1,,,,,none\r\n\
         '@a,,,,,none\r\na=1,,,,,none\r\n\"a, \"\"b\"\"\",,,,,none\r\n,,,,,none\r\n\
         ''=1,,,,,none\r\n'a,,,,,none\r\n<U+202E>a,,,,,none\r\n,-0.5,=,-0.5,-0.5,known",
    );
    let raw = write("csv-raw", &[table], 0);
    assert!(raw.contains("\n=1+1,,") && raw.contains("\n'=1,,") && raw.contains("\n\u{202E}a,"), "{raw}");
}

#[test]
fn nothing_is_hidden_in_any_text() {
    let hidden = "a\u{1b}[1m\u{202E}b\u{200B}c\u{7f}\u{E0041}";
    let mut table = Table::new("a", hidden, vec![Column::text("x")]);
    table.push(vec![Cell::text(hidden)]);
    table.note(hidden);
    for format in ["table", "csv", "markdown", "html", "json"] {
        let written = write(format, std::slice::from_ref(&table), 200);
        assert!(
            written.chars().all(|c| c == '\n' || c == '\r' || !crate::is_hidden(c)),
            "{format}: {written}"
        );
        assert!(written.contains("202E") || written.contains("202e"), "{format}: {written}");
    }
    let read: serde_json::Value = serde_json::from_str(&write("json", &[table], 0)).unwrap();
    assert_eq!(read["rows"][0]["x"], hidden, "a machine reads what the model says");
}

#[test]
fn what_sums_leave_over_is_written_in_no_format() {
    let columns = vec![
        Column::number("cash", DOLLARS),
        Column::number("part", Unit::Share),
        Column::new("unit", ColumnKind::Unit),
        Column::new("own", ColumnKind::Measured),
    ];
    let mut table = Table::new("a", "A", columns);
    // 100 - 10 - 1.1 - 2.2 - 0.7 billion, the same down to one billion, and to nothing.
    for (cash, part) in [(86_000_000_000.000_02, 1.0), (1_000_000_000.000_02, 2.2e-16), (-1e-5, -0.0)] {
        // Numbers of units of their own are no sums of each other, and keep what is small.
        table.push(vec![Cell::exact(cash), Cell::exact(part), Cell::Unit(DOLLARS), Cell::exact(2.5e-6)]);
    }
    table.push(vec![Cell::Empty, Cell::exact(0.1 + 0.2), Cell::Empty, Cell::Empty]);
    check(
        "csv",
        &table,
        0,
        "cash,cash_bound,cash_low,cash_high,cash_state,part,part_bound,part_low,part_high,part_state,unit,\
         own,own_bound,own_low,own_high,own_state\r\n\
         86000000000,=,86000000000,86000000000,known,1,=,1,1,known,USD,\
         0.0000025,=,0.0000025,0.0000025,known\r\n\
         1000000000,=,1000000000,1000000000,known,0,=,0,0,known,USD,\
         0.0000025,=,0.0000025,0.0000025,known\r\n\
         0,=,0,0,known,0,=,0,0,known,USD,0.0000025,=,0.0000025,0.0000025,known\r\n\
         ,,,,none,0.3,=,0.3,0.3,known,,,,,,none",
    );
}

#[test]
fn json_reads_back() {
    let written = write("json", &[strategy()], 0);
    let read: serde_json::Value = serde_json::from_str(&written).unwrap();
    let keys: Vec<&String> = read.as_object().unwrap().keys().collect();
    let expected = "measure table title findings unit columns rows as_of known_on model_hash seed paths \
                    version notes assumptions left_out";
    assert_eq!(keys, expected.split(' ').collect::<Vec<_>>());
    assert_eq!(read["unit"], serde_json::Value::Null);
    assert_eq!(
        read["columns"][2],
        serde_json::json!({"key": "paid_in", "title": "paid in", "kind": "number", "unit": "USD"})
    );
    assert_eq!(read["rows"][0]["paid_in"], 13_000_000_000_u64);
    assert_eq!(read["rows"][0]["contracted_back_bound"], "≥");
    assert_eq!(read["rows"][8]["stake_value"], serde_json::Value::Null);
    assert_eq!(read["rows"][8]["stake_value_bound"], serde_json::Value::Null);
    let reason = "google.headline.stake_value: holding is undisclosed";
    assert!(read["left_out"].as_array().unwrap().contains(&reason.into()), "{written}");
    assert_eq!(read["paths"], 10_000);
}

#[test]
fn json_says_a_unit_where_all_numbers_share_it_and_beside_each_where_they_do_not() {
    let read = |table: Table| serde_json::from_str::<serde_json::Value>(&write("json", &[table], 0)).unwrap();
    let one = read(yearly());
    assert_eq!(one["unit"], "USD");
    assert_eq!(one["reading"], "firm");
    let own = read(compare());
    assert_eq!(own["unit"], serde_json::Value::Null);
    assert_eq!((&own["columns"][1]["kind"], &own["columns"][1]["key"]), (&"unit".into(), &"unit".into()));
    assert_eq!(own["columns"][2]["unit"], serde_json::Value::Null);
    let question = "share of the partner that is held, as converted";
    let row = serde_json::json!({"question": question, "unit": "fraction", "amazon": 0.17,
        "amazon_bound": "=", "amazon_low": 0.17, "amazon_high": 0.17, "amazon_state": "known",
        "microsoft": 0.27, "microsoft_bound": "=", "microsoft_low": 0.27, "microsoft_high": 0.27,
        "microsoft_state": "known"});
    assert_eq!(own["rows"][2], row);
}
