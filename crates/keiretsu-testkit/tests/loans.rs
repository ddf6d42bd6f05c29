//! Loans of a model, which go by months, against those of `keiretsu calc loan`, which go by days: one
//! schedule where both can say it.
//!
//! Both apply to a fixed rate, whole months, and repayment at maturity (PAM of ACTUS), in equal parts of
//! principal (LAM) or in level payments (ANN). A day of the middle of each month and months of thirty days
//! (30E/360) make a month a twelfth of a year on both sides. As-of moves through the life of the loan.

use std::collections::BTreeMap;

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_methods::loan::{LoanTerm, Observed, events};
use keiretsu_model::{MemoryFiles, Options, open};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, RunSpec, Span, Tag};

/// How many loans are drawn at random.
const LOANS: u64 = 400;
/// The month of as-of, counted from year 0: December 2025.
const AS_OF: i64 = 2025 * 12 + 11;
/// The months of the run.
const MONTHS: i64 = 60;

/// How the principal comes back: in the words of the language, and of ACTUS.
const REPAYMENTS: [(&str, &str); 3] = [("bullet", "PAM"), ("linear", "LAM"), ("annuity", "ANN")];
/// How often it pays, and the months of that.
const FREQUENCIES: [(&str, i64); 4] = [("monthly", 1), ("quarterly", 3), ("half-yearly", 6), ("yearly", 12)];

/// The terms of a loan. Months are counted from year 0.
#[derive(Clone, Copy, Debug)]
struct Loan {
    repayment: usize,
    frequency: usize,
    drawn: i64,
    maturity: i64,
    /// Payments after the draw without principal.
    grace: i64,
    /// Whether interest is added to the principal.
    added: bool,
    amount: f64,
    rate: f64,
}

/// What a month pays: drawn, principal and interest, in this order.
type Paid = [f64; 3];

impl Loan {
    fn of(seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let (repayment, frequency) = (random.below(REPAYMENTS.len()), random.below(FREQUENCIES.len()));
        let every = FREQUENCIES[frequency].1;
        let drawn = AS_OF - 30 + random.below(36) as i64;
        let payments = 1 + random.below(20) as i64;
        // The first period may be a part of one.
        let rest = random.below(every as usize) as i64;
        let is_bullet = REPAYMENTS[repayment].0 == "bullet";
        Self {
            repayment,
            frequency,
            drawn,
            maturity: drawn + payments * every - rest,
            grace: if is_bullet {
                0
            } else {
                random.below(payments as usize) as i64 * random.below(2) as i64
            },
            added: is_bullet && random.below(3) == 0,
            amount: (1 + random.below(900)) as f64,
            rate: random.below(30) as f64 / 200.0,
        }
    }

    fn every(&self) -> i64 {
        FREQUENCIES[self.frequency].1
    }

    /// The first payment: as many whole periods before the maturity as there are after the draw.
    fn first_payment(&self) -> i64 {
        self.maturity - (self.maturity - self.drawn - 1).div_euclid(self.every()) * self.every()
    }

    /// The loan in the language.
    fn text(&self) -> String {
        let month = |month: i64| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
        // No principal in the periods of grace, and the next payment is the first to bring some.
        let grace = (self.first_payment() + self.grace * self.every() - self.drawn - 1).max(0);
        let mut text = format!(
            "keiretsu = 1\ntitle = \"loan\"\nas_of = 2025-12-31\nhorizon = \"{} years\"\n\
             [parties]\na = {{}}\nb = {{}}\n[contracts.c]\ntype = \"loan\"\nlender = \"a\"\n\
             borrower = \"b\"\nbecause = \"test\"\n\
             amount = \"${}M\"\nrate = \"{}%\"\ndrawn = \"{}\"\nmaturity = \"{}\"\n",
            MONTHS / 12,
            self.amount,
            100.0 * self.rate,
            month(self.drawn),
            month(self.maturity),
        );
        text += &format!("repayment = \"{}\"\n", REPAYMENTS[self.repayment].0);
        text += &format!("frequency = \"{}\"\n", FREQUENCIES[self.frequency].0);
        if 0 < self.grace {
            text += &format!("grace = \"{grace} months\"\n");
        }
        if self.added {
            text += "interest = \"added\"\n";
        }
        text
    }

    /// What it pays in each month of the run, by the contracts and the engine.
    fn by_months(&self) -> Vec<Paid> {
        let specs = keiretsu_contracts::specs();
        let opened = open(&MemoryFiles::root(&self.text()), "keiretsu.toml", &Options::new(&specs));
        assert!(opened.diagnostics.is_empty(), "{:?}", opened.diagnostics);
        let program = keiretsu_contracts::lower(&opened.model).program;
        let probe = |at| Probe { quantity: Quantity::Due(FlowId(at as u32)), span: Span::Month };
        let spec = RunSpec::reading(Reading::Firm, (0..program.flows.len()).map(probe).collect());
        let seen = keiretsu_engine::run(&program, &spec, 1).expect("a run");
        let mut paid = vec![[0.0; 3]; MONTHS as usize];
        for (flow, series) in program.flows.iter().zip(&seen.series) {
            let from_lender = opened.model.parties[flow.from.at()].name == "a";
            let kind = match flow.tag {
                Tag::Principal if from_lender => 0,
                Tag::Principal => 1,
                Tag::Interest => 2,
                other => panic!("a loan pays {other:?}"),
            };
            paid.iter_mut().zip(&series.mean).for_each(|(paid, amount)| paid[kind] += amount);
        }
        paid
    }

    /// The same by ACTUS: added interest becomes principal month by month, and all of it is due at maturity.
    fn by_days(&self) -> Vec<Paid> {
        let day = |month: i64| format!("{:04}-{:02}-15", month.div_euclid(12), month.rem_euclid(12) + 1);
        let cycle = |months: i64| format!("P{months}ML1");
        let mut terms: BTreeMap<&str, String> = [
            ("contractType", REPAYMENTS[self.repayment].1.to_owned()),
            ("contractRole", "RPA".to_owned()),
            ("statusDate", day(self.drawn - 1)),
            ("initialExchangeDate", day(self.drawn)),
            ("maturityDate", day(self.maturity)),
            ("notionalPrincipal", format!("{}", self.amount * 1e6)),
            ("nominalInterestRate", self.rate.to_string()),
            ("dayCountConvention", "30E360".to_owned()),
            ("cycleAnchorDateOfInterestPayment", day(self.first_payment())),
            ("cycleOfInterestPayment", cycle(self.every())),
        ]
        .into();
        if self.added {
            terms.insert("cycleAnchorDateOfInterestPayment", day(self.drawn + 1));
            terms.insert("cycleOfInterestPayment", cycle(1));
            terms.insert("capitalizationEndDate", day(self.maturity));
        }
        if REPAYMENTS[self.repayment].0 != "bullet" {
            let first = self.first_payment() + self.grace * self.every();
            terms.insert("cycleAnchorDateOfPrincipalRedemption", day(first));
            terms.insert("cycleOfPrincipalRedemption", cycle(self.every()));
        }
        let terms: BTreeMap<String, LoanTerm> =
            terms.into_iter().map(|(name, value)| (name.to_owned(), value.as_str().into())).collect();
        let mut paid = vec![[0.0; 3]; MONTHS as usize];
        for event in events(&terms, &Observed::default()).expect("events") {
            let mut parts = event.date.split('-').map(|part| part.parse::<i64>().expect("digits"));
            let month = parts.next().expect("a year") * 12 + parts.next().expect("a month") - 1;
            let Some(paid) = paid.get_mut((month - AS_OF - 1) as usize) else { continue };
            match event.kind {
                "IED" => paid[0] -= event.payoff,
                "PR" | "MD" => paid[1] += event.payoff,
                "IP" => paid[2] += event.payoff,
                // Added to the principal; the level payment is worked out.
                "IPCI" | "PRF" => {}
                other => panic!("a loan has {other}"),
            }
        }
        paid
    }
}

#[test]
fn a_loan_by_months_is_the_loan_by_days() {
    let mut payments = 0;
    for seed in 0..LOANS {
        let loan = Loan::of(seed);
        let (by_months, by_days) = (loan.by_months(), loan.by_days());
        payments += by_days.iter().flatten().filter(|paid| 0.0 < **paid).count();
        for (at, (by_months, by_days)) in by_months.iter().zip(&by_days).enumerate() {
            for (by_month, by_day) in by_months.iter().zip(by_days) {
                // Both are sums of a few hundred roundings of an amount of millions.
                let near = (by_month - by_day).abs() < 1e-9 * loan.amount * 1e6;
                assert!(
                    near,
                    "seed {seed}, month {}: {by_months:?} by months, {by_days:?} by days\n{}",
                    at + 1,
                    loan.text()
                );
            }
        }
    }
    assert!(3_000 < payments, "only {payments} payments were compared");
}
