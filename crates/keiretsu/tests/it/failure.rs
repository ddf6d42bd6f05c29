//! Nobody gains by a failure, and nothing is lost twice: over contracts of every type with a debtor or a
//! creditor that fails in any month, with and without guarantees.
//!
//! `a` deals with `b` and nobody else; `g` stands by. What `a` gets in all with the failure (paid before,
//! recovered, called) is set against what it gets without, and against the loss that `domino` tells.

use keiretsu::{Control, Question, Session};
use keiretsu_program::{Change, Overlay, PartyId, Probe, Quantity, Reading, RunSpec, Span, Target};
use keiretsu_values::{Cell, Value};

use crate::asked::{key, question, tables};

const MONTHS: u32 = 24;

/// Party 1 is `a`, party 2 is `b`, party 3 is `g`.
const WORLD: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"24 months\"\n[parties]\na = {}\n\
    b = { cash = \"$7M\", revenue = \"$36M/yr\", because = \"an example\" }\ng = {}\n\
    [events.likely]\nchance = \"60% by 2026-12\"\nbecause = \"an example\"\n";

/// What falls due between the two when nobody fails, and what of it binds.
#[derive(Clone)]
struct Deal {
    text: &'static str,
    /// Whether all that falls due binds, so that it is either received or lost.
    binds: bool,
    /// Whether money that was lent is owed, which a failure makes due at once.
    is_money: bool,
}

const SUPPLY: &str = "type = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-02\"\n";
const LEASE: &str = "type = \"lease\"\nlessee = \"b\"\nlessor = \"a\"\nfrom = \"2026-02\"\n";
const LOAN: &str = "type = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$30M\"\n";

/// Every type of contract under which one party leaves the other a claim, and more of their terms.
fn deals() -> Vec<(String, Deal)> {
    [delivered(), lent()].concat()
}

fn deal(head: &str, text: &'static str, binds: bool) -> (String, Deal) {
    let is_money = head.contains("loan") || head.contains("convertible");
    (head.to_owned(), Deal { text, binds, is_money })
}

/// What is paid for what is delivered.
fn delivered() -> Vec<(String, Deal)> {
    vec![
        deal(SUPPLY, "until = \"2026-12\"\nminimum = \"$3M/month\"\n", true),
        deal(SUPPLY, "until = \"2026-12\"\nminimum = \"$3M/month\"\nusage = \"$5M/month\"\n", false),
        deal(SUPPLY, "until = \"2026-12\"\nminimum = \"$9M/quarter\"\nusage = \"$1M/month\"\n", true),
        deal(SUPPLY, "minimum = \"$36M over 18 months\"\nusage = \"$1M/month\"\n", true),
        deal(SUPPLY, "until = \"2026-12\"\nminimum = \"$3M/month\"\nresale = \"60%\"\n", false),
        deal(
            SUPPLY,
            "until = \"2026-12\"\nminimum = \"$3M/month\"\nprepayment = \"$8M\"\nprepaid = \"2026-03\"\n",
            true,
        ),
        deal(SUPPLY, "until = \"2026-12\"\nminimum = \"$3M/month\"\nsurvives = true\n", true),
        deal(LEASE, "term = \"10 months\"\nrent = \"$3M/month\"\n", true),
        deal(
            LEASE,
            "term = \"6 months\"\nrent = \"$3M/month\"\nrenewal = { options = 2, when = \"2026-01\" }\n",
            false,
        ),
        deal(
            LEASE,
            "term = \"10 months\"\nrent = \"$3M/month\"\n\
             residual = { guaranteed = \"$9M\", value = \"$4M\" }\n",
            true,
        ),
        deal(LEASE, "term = \"10 months\"\nrent = \"$3M/month\"\nrelet = \"50%\"\n", false),
        deal(
            "type = \"lease\"\nlessee = \"b\"\nlessor = \"a\"\nbegins_when = \"2026-04\"\n",
            "term = \"10 months\"\nrent = \"$3M/month\"\n",
            false,
        ),
    ]
}

/// Money that is lent, and a share of what is earned.
fn lent() -> Vec<(String, Deal)> {
    vec![
        deal(LOAN, "rate = \"0%\"\ndrawn = \"2026-03\"\nmaturity = \"2026-12\"\n", false),
        deal(
            LOAN,
            "rate = \"0%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-12\"\nrepayment = \"linear\"\n",
            true,
        ),
        deal(
            LOAN,
            "rate = \"12%\"\ndrawn = \"2026-02\"\nmaturity = \"2027-02\"\nrepayment = \"annuity\"\n\
             frequency = \"quarterly\"\n",
            false,
        ),
        deal(
            LOAN,
            "rate = \"12%\"\ndrawn = \"2026-02\"\nmaturity = \"2026-12\"\ninterest = \"added\"\n",
            false,
        ),
        deal(
            LOAN,
            "rate = \"12%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-12\"\n\
             collateral = { value = \"$12M\" }\n",
            false,
        ),
        deal(
            "type = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\n",
            "maturity = \"2026-12\"\nrate = \"6%\"\n\
             tranches = { one = { amount = \"$9M\", paid = 2025-06-30 }, \
             two = { amount = \"$6M\", on = \"2026-04\" } }\n",
            false,
        ),
        deal(
            "type = \"revenue_share\"\npayer = \"b\"\npayee = \"a\"\n",
            "base = \"$24M/yr\"\nrate = \"20%\"\nfrom = \"2026-01\"\nuntil = \"2026-12\"\n",
            false,
        ),
    ]
}

/// Guarantees in favour of `a`, after none.
const GUARANTEES: [&str; 8] = [
    "",
    "limit = \"$500M\"\n",
    "limit = \"$10M\"\n",
    "limit = \"$500M\"\nshare = \"40%\"\n",
    "limit = \"$500M\"\ncushion = \"$4M\"\n",
    "limit = \"$500M\"\naccelerated = true\n",
    "limit = \"$6M\"\nstep_in = true\nstep_in_value = \"30%\"\n",
    "limit = \"$500M\"\nuntil = \"2026-08\"\n",
];

struct World {
    session: Session,
    name: String,
}

/// What `a`, `b` and `g` receive net in all.
type Received = [f64; 3];

impl World {
    fn new((head, deal): &(String, Deal), guarantee: &str, discount: &str) -> Self {
        let mut text =
            format!("{discount}{WORLD}[contracts.d]\nbecause = \"an example\"\n{head}{}", deal.text);
        if !guarantee.is_empty() {
            text += "[contracts.cover]\ntype = \"guarantee\"\nguarantor = \"g\"\nbeneficiary = \"a\"\n\
                     covers = \"d\"\nbecause = \"an example\"\n";
            text += guarantee;
        }
        Self { session: Session::of_text(&text), name: format!("{head}{}{guarantee}", deal.text) }
    }

    fn received(&self, fails: Option<(u32, u32)>) -> Received {
        let probe = |party| Probe { quantity: Quantity::Net(PartyId(party)), span: Span::Whole };
        let struck = fails.map(|(party, month)| Overlay {
            target: Target::Default(PartyId(party)),
            change: Change::Set(1.0),
            from: month,
            until: month,
        });
        let overlays = struck.into_iter().collect();
        let spec = RunSpec { overlays, ..RunSpec::reading(Reading::Expected, (1..=3).map(probe).collect()) };
        let seen = self.session.run(spec, &[], &Control::default());
        let seen = seen.unwrap_or_else(|why| panic!("{}: {why}", self.name));
        [0, 1, 2].map(|at| seen.series[at].mean[0])
    }

    /// The losses of `a`, `b` and `g` by the clearing.
    fn lost(&self, party: u32, month: u32) -> Received {
        let at = Some(format!("2026-{month:02}-01"));
        let parties = vec![["a", "b", "g"][party as usize - 1].to_owned()];
        let tables = tables(&self.session, &Question { at, parties, ..question("domino") });
        let table = &tables[0];
        let column = table.column("clearing").expect("a column");
        ["a", "b", "g"].map(|name| {
            let row = table.rows.iter().find(|row| key(&row[1]) == name);
            row.map_or(0.0, |row| {
                let amount = row[column].value().and_then(Value::amount);
                amount.unwrap_or_else(|| panic!("no amount: {}", self.name))
            })
        })
    }
}

fn each(discount: &str, mut check: impl FnMut(&World, &Deal, &str, Received)) {
    for deal in deals() {
        for guarantee in GUARANTEES {
            let world = World::new(&deal, guarantee, discount);
            let without = world.received(None);
            check(&world, &deal.1, guarantee, without);
        }
    }
}

/// Rounding of sums of tens of millions.
const TINY: f64 = 0.01;

#[test]
fn a_creditor_never_gets_more_than_was_due_and_what_it_does_not_get_is_lost() {
    each("", |world, deal, guarantee, without| {
        for month in 1..=12 {
            let with = world.received(Some((2, month)));
            let lost = world.lost(2, month);
            let what = format!("{}month {month}: {with:?} for {without:?}, lost {lost:?}", world.name);
            assert!(with[0] <= without[0] + TINY, "more than was due: {what}");
            assert!(-TINY <= lost[0], "a gain by the failure: {what}");
            assert!(-TINY <= lost[2], "a guarantor that gains: {what}");
            assert!(lost[0] + with[0] <= without[0] + TINY, "lost twice: {what}");
            if deal.binds {
                assert!((lost[0] + with[0] - without[0]).abs() <= TINY, "neither lost nor received: {what}");
            }
            if !guarantee.is_empty() {
                let paid = without[2] - with[2];
                assert!((lost[2] - paid).abs() <= TINY, "a guarantor loses what it pays: {what}");
            }
        }
    });
}

#[test]
fn who_fails_has_no_claim_for_what_it_no_longer_delivers() {
    each("", |world, _, _, without| {
        for month in [1, 4, 9] {
            let with = world.received(Some((1, month)));
            let lost = world.lost(1, month);
            let what = format!("{}month {month}: {with:?} for {without:?}, lost {lost:?}", world.name);
            // The other side loses what it has paid ahead, and no more.
            assert!(-TINY <= lost[1] && lost[1] <= 8e6 + TINY, "{what}");
            assert!(lost[2].abs() <= TINY, "{what}");
        }
    });
}

#[test]
fn calls_and_claims_have_one_present_value() {
    each("discount = \"20%\"\n", |world, deal, _, _| {
        for month in [2, 5, 8] {
            let lost = world.lost(2, month);
            assert!(-TINY <= lost[0], "{}month {month}: {lost:?}", world.name);
            // Who takes over a debt gets its share of all of it from the estate, and pays it as it falls due.
            assert!(deal.is_money || -TINY <= lost[2], "{}month {month}: {lost:?}", world.name);
        }
    });
}

#[test]
fn a_full_guarantee_leaves_nothing_lost() {
    for deal in deals() {
        if deal.0.contains("revenue_share") {
            continue;
        }
        for discount in ["", "discount = \"20%\"\n"] {
            // Money lent is owed in full at the failure; at a rate of interest, to wait for it costs
            // something.
            if deal.1.is_money && !discount.is_empty() {
                continue;
            }
            let world = World::new(&deal, GUARANTEES[1], discount);
            for month in 1..=MONTHS / 2 {
                let lost = world.lost(2, month);
                assert!(lost[0].abs() <= 1.0, "{}{discount}month {month}: {lost:?}", world.name);
            }
        }
    }
}

#[test]
fn who_holds_a_slice_loses_its_part() {
    // Of 11 x 3 = 33 a slice of 11 is another's. By May 4 x 3 are paid: of the 21 left b's estate of 7 + 15
    // - 12 pays 10, so 11 are lost, a third of them by the slice's seller.
    let deal = (
        SUPPLY.to_owned(),
        Deal { text: "until = \"2026-12\"\nminimum = \"$3M/month\"\n", binds: true, is_money: false },
    );
    let mut world = World::new(&deal, "", "");
    let part = "[contracts.part]\nbecause = \"an example\"\ntype = \"supply\"\n\
        buyer = \"b\"\nseller = \"g\"\n\
        part_of = \"d\"\nfrom = \"2026-02\"\nuntil = \"2026-12\"\nminimum = \"$1M/month\"\n";
    let whole = format!("[contracts.d]\nbecause = \"an example\"\n{SUPPLY}{}", deal.1.text);
    let text = format!("{WORLD}{whole}{part}");
    world.session = Session::of_text(&text);
    let [a, _, g] = world.lost(2, 5);
    let all = a + g;
    assert!((g / all - 1.0 / 3.0).abs() < 1e-9 && (all - 11e6).abs() < 1.0, "{a} {g}");
}

#[test]
fn what_is_unknown_makes_a_loss_unknown_or_at_least_what_is_known() {
    let deal = (
        LEASE.to_owned(),
        Deal { text: "term = \"10 months\"\nrent = \"undisclosed\"\n", binds: false, is_money: false },
    );
    let world = World::new(&deal, "limit = \"$9M\"\n", "");
    let table = &tables(&world.session, &Question::of("domino", ["b"]))[0];
    let column = table.column("clearing").expect("a column");
    let cell = |name: &str| table.rows.iter().find(|row| key(&row[1]) == name).map(|row| &row[column]);
    let lost = |name: &str| cell(name).and_then(Cell::value).unwrap_or_else(|| panic!("{name}: {table:?}"));
    assert_eq!(lost("a").amount(), None);
    // No more than the limit is ever called.
    assert_eq!((lost("g").amount(), lost("g").set().high), (None, 9e6));
}
