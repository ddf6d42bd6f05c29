//! Keeps docs/ENGINE-PLAN.md true: its program and the stages of its tape are printed here and compared.
//! `UPDATE=1` writes them into the page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use keiretsu_maths::moves::BLOCK;
use keiretsu_program::{
    Builder, Factor, FlowId, Month, Op, PartyId, Paths, Probe, Process, Program, Quantity, RunSpec, Span, Tag,
};

use super::draft::Draft;
use super::kinds::Kinds;
use super::layout::{Layout, Ring};
use super::overlays::Overlays;
use super::table::MonthTable;
use super::tape::{DueStep, Metered, Step};
use crate::rows::Place;

/// A lab pays a cloud for metered use, at least a minimum; the cloud pays for power three months later.
fn program() -> Program {
    let mut program = Builder::new(Month::new(2025, 12), 12);
    let (lab, cloud) = (program.party(), program.party());
    let (start, volatility) = (program.constant(1.0), program.constant(0.3));
    let growth = program.curve(vec![1.0; 13]);
    let demand = program.factor(Factor { start, growth, process: Process::Geometric { volatility } });
    let demand = program.op(Op::Factor(demand));
    let rate = program.number(20.0);
    let usage = program.mul(rate, demand);
    let minimum = program.number(15.0);
    let owed = program.max(usage, minimum);
    program.flow(owed, lab, cloud, Tag::Service);
    let before = program.op(Op::Lag { of: demand, months: 3 });
    let standing = program.number(4.0);
    let units = program.add(before, standing);
    let most = program.number(9.0);
    let power = program.min(units, most);
    program.flow(power, cloud, PartyId::OUTSIDE, Tag::Costs);
    program.finish()
}

fn spec() -> RunSpec {
    let probe = |quantity| Probe { quantity, span: Span::Month };
    let probes = vec![probe(Quantity::Net(PartyId(2))), probe(Quantity::Due(FlowId(1)))];
    RunSpec::paths(Paths { seed: 1, first: 0, count: 1000, exact_limit: 1000 }, probes)
}

/// The blocks of the page, by the heading under which each stands.
fn blocks() -> Vec<(&'static str, String)> {
    let (program, spec) = (program(), spec());
    let overlays = Overlays::new(&spec, &[]);
    let kinds = Kinds::new(&program, &spec, &overlays, BLOCK);
    let table = MonthTable::new(&program, &spec, &overlays, &kinds);
    let mut draft = Draft::write(&program, &spec, &overlays, &kinds, &table);
    let mut blocks = vec![("## The program", program.to_string()), ("## The rows", rows(&draft.layout))];
    blocks.push(("## The tape as written", tape(&draft)));
    draft.fuse();
    blocks.push(("## After fuse", tape(&draft)));
    draft.share_rows(&program);
    blocks.push(("## After reuse", tape(&draft)));
    blocks
}

fn rows(layout: &Layout) -> String {
    let mut text = String::new();
    let mut line = |row: Option<usize>, what: &str| {
        if let Some(row) = row {
            let lasts = if row < layout.lasting { "lasts" } else { "" };
            writeln!(text, "r{row:<3} {what:<40} {lasts}").expect("a string takes all");
        }
    };
    line(layout.factors[0].level, "level of the factor");
    for ring in layout.rings.iter().flatten() {
        for at in 0..ring.length {
            line(Some(ring.first + at), &format!("ring, month {at} of {}", ring.length));
        }
    }
    for (at, flow) in layout.flows.iter().enumerate() {
        line(flow.due, &format!("what is due on w{at}"));
    }
    for (at, purse) in layout.purses.iter().enumerate() {
        line(purse.net, &format!("net cash of p{at}"));
    }
    line(Some(layout.spare), "room for one row");
    writeln!(text, "r{:<3} registers, from here on", layout.spare + 1).expect("a string takes all");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

fn tape(draft: &Draft) -> String {
    let mut lines: Vec<String> = draft.tape.steps.iter().map(step).collect();
    for (at, charge) in draft.tape.charges.iter().enumerate() {
        lines.push(format!("charge {at}: {}", product(charge)));
    }
    lines.push(format!("{} rows in all", draft.layout.total.max(highest(draft) + 1)));
    lines.join("\n") + "\n"
}

/// The highest row that a step names.
fn highest(draft: &Draft) -> usize {
    let mut highest = 0;
    for step in &draft.tape.steps {
        super::reuse::each_row(&mut step.clone(), &mut |row| highest = highest.max(*row));
    }
    highest
}

fn step(step: &Step) -> String {
    match step {
        Step::Apply { code, out, a, b } => format!("r{out} = {code:?} {} {}", place(a), place(b)),
        Step::Lag { out, of, ring: Ring { first, length }, months } => {
            format!("r{out} = Lag {} by {months} months, ring r{first}..r{}", place(of), first + length - 1)
        }
        Step::Due(due) => format!("Due {}: {}", flow(due), place(&due.amount)),
        Step::Metered(charge) => format!("Metered {}", product(charge)),
        Step::Charges { first, count } => {
            let charges = (*first..first + count).map(|at| format!("charge {at}"));
            format!("Charges: {}", charges.collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn product(charge: &Metered) -> String {
    let (a, x) = &charge.left;
    let (floor, scale) = (place(&charge.floor), place(&charge.scale));
    format!("{}: max(({} r{x}) {scale}, {floor})", flow(&charge.due), place(a))
}

fn flow(due: &DueStep) -> String {
    let kept = due.out.map_or_else(String::new, |row| format!(" to r{row}"));
    format!("w{}{kept}, post {:?}", due.flow.0, due.post.unwrap_or_default())
}

fn place(place: &Place) -> String {
    match place {
        Place::Fixed(value) => value.to_string(),
        Place::Month(column) => format!("month[{column}]"),
        Place::Row(row) => format!("r{row}"),
    }
}

/// The page with a block under its heading.
fn with_block(page: &str, heading: &str, block: &str) -> String {
    let (before, rest) = page.split_once(&format!("{heading}\n")).expect("the page has this heading");
    let (intro, rest) = rest.split_once("```text\n").expect("a block under the heading");
    let (_, after) = rest.split_once("```\n").expect("the block ends");
    format!("{before}{heading}\n{intro}```text\n{block}```\n{after}")
}

#[test]
fn the_page_shows_the_plan_of_its_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ENGINE-PLAN.md");
    let page = fs::read_to_string(&path).expect("the page");
    let fresh = blocks().iter().fold(page.clone(), |page, (at, block)| with_block(&page, at, block));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &fresh).expect("the page can be written");
    } else {
        assert!(page == fresh, "run with UPDATE=1 and read what changed:\n{fresh}");
    }
}
