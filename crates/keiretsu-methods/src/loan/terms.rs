//! Contract terms by their ACTUS names, as text, to typed terms, or all errors at once.

use std::collections::BTreeMap;

use super::business::{Convention, Shift, parse_calendar, parse_shift};
use super::cycle::{Cycle, EndOfMonth, Period};
use super::time::Time;
use super::{LoanTerm, TermError, UNUSED};
use crate::day_count::{BusinessDays, CONVENTIONS, DayCount, days_between};

/// The four contract types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// PAM: principal at maturity.
    Bullet,
    /// LAM: equal instalments of principal.
    Linear,
    /// ANN: level payments.
    Annuity,
    /// CLM: runs until it is called.
    CallMoney,
}

/// The base of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The outstanding notional (`NT`).
    Notional,
    /// The notional at the start (`NTIED`).
    Initial,
    /// The notional as of the last base date (`NTL`).
    Lagged,
}

/// An anchor and a cycle; either may be missing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cyclic {
    pub anchor: Option<Time>,
    pub cycle: Option<Cycle>,
}

/// How a penalty for prepayment is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Penalty {
    None,
    Absolute,
    Nominal,
    RateDifference,
}

/// Effect of a prepayment on later dues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prepayment {
    None,
    /// Smaller instalments.
    Amount,
    /// Fewer instalments.
    Maturity,
}

/// Typed terms. Money is in the currency of the contract, rates are fractions per year.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub kind: Kind,
    /// +1 for the lender, -1 for the borrower.
    pub sign: f64,
    pub currency: String,
    pub status: Time,
    pub start: Time,
    pub maturity: Option<Time>,
    pub amortization: Option<Time>,
    pub notional: f64,
    pub rate: Option<f64>,
    pub accrued: Option<f64>,
    pub premium: f64,
    pub day_count: DayCount,
    pub convention: Convention,
    pub end_of_month: EndOfMonth,
    pub interest: Cyclic,
    pub capitalization_end: Option<Time>,
    pub principal: Cyclic,
    pub instalment: Option<f64>,
    pub base: Base,
    pub base_amount: Option<f64>,
    pub base_dates: Cyclic,
    pub reset: Cyclic,
    pub reset_series: String,
    pub reset_multiplier: f64,
    pub reset_spread: f64,
    pub reset_next: Option<f64>,
    /// Life cap and floor, period cap and floor.
    pub bounds: [Option<f64>; 4],
    pub scaling: Cyclic,
    pub scaling_series: String,
    pub scaling_base: Option<f64>,
    /// Whether interest and whether principal are scaled.
    pub scales: [bool; 2],
    /// The multipliers of interest and of principal to begin with.
    pub multipliers: [f64; 2],
    pub fee: Cyclic,
    pub fee_rate: f64,
    pub fee_absolute: bool,
    pub fee_accrued: Option<f64>,
    pub purchase: Option<(Time, f64)>,
    pub termination: Option<(Time, f64)>,
    pub option: Cyclic,
    pub prepayment: Prepayment,
    pub prepayment_series: String,
    pub penalty: Penalty,
    pub penalty_rate: f64,
    pub notice: Period,
    pub defaulted: bool,
}

/// Reads terms one by one and keeps the errors.
struct Reader<'a> {
    terms: &'a BTreeMap<String, LoanTerm>,
    read: Vec<&'static str>,
    wrong: Vec<TermError>,
}

impl Reader<'_> {
    fn text(&mut self, name: &'static str) -> Option<String> {
        self.read.push(name);
        let text = match self.terms.get(name)? {
            LoanTerm::Text(text) => text.trim(),
            LoanTerm::Nested(what) => {
                self.wrong.push(TermError::new(name, format!("this is {what}, not a text or a number")));
                return None;
            }
        };
        (!text.is_empty() && text != "null").then(|| text.to_owned())
    }

    fn get<T>(&mut self, name: &'static str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.wrong.push(TermError::new(name, format!("`{text}` is no {what}")));
        }
        parsed
    }

    fn number(&mut self, name: &'static str) -> Option<f64> {
        self.get(name, "number", |text| text.parse().ok().filter(|x: &f64| x.is_finite()))
    }

    /// A yearly rate, multiplier or other number that money is multiplied by.
    fn rate(&mut self, name: &'static str) -> Option<f64> {
        let rate = self.number(name)?;
        if rate.abs() > RATE_MAX {
            let message = format!("{rate:e} is out of range: rates are fractions per year, as 0.05 for 5%");
            self.wrong.push(TermError::new(name, message));
        }
        Some(rate)
    }

    /// An amount of money.
    fn money(&mut self, name: &'static str) -> Option<f64> {
        let amount = self.number(name)?;
        if amount.abs() > MONEY_MAX {
            self.wrong
                .push(TermError::new(name, format!("{amount:e} is out of range, at most {MONEY_MAX:e}")));
        }
        Some(amount)
    }

    fn time(&mut self, name: &'static str) -> Option<Time> {
        self.get(name, "date such as 2013-01-31 or 2013-01-31T00:00:00", Time::parse)
    }

    fn cyclic(&mut self, anchor: &'static str, cycle: &'static str) -> Cyclic {
        let words = "cycle such as P1ML0 (a month, long last stub) or P3ML1";
        Cyclic { anchor: self.time(anchor), cycle: self.get(cycle, words, Cycle::parse) }
    }

    fn choice<T: Copy>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let known: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let what = format!("choice here; write one of {}", known.join(", "));
        self.get(name, &what, |text| choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value))
    }

    fn required<T>(&mut self, name: &'static str, found: Option<T>, stand_in: T) -> T {
        if found.is_none() && !self.wrong.iter().any(|error| error.term == name) {
            self.wrong.push(TermError::new(name, "is needed".to_owned()));
        }
        found.unwrap_or(stand_in)
    }
}

/// The largest rate, a fraction per year: 100,000,000%.
const RATE_MAX: f64 = 1e6;
/// The largest amount of money, far beyond all there is in any currency.
const MONEY_MAX: f64 = 1e30;

const EPOCH: Time = Time::midnight(jiff::civil::date(1970, 1, 1));

/// Types the terms.
///
/// # Errors
/// Every term that is missing, unknown or cannot be read.
pub(super) fn read(terms: &BTreeMap<String, LoanTerm>) -> Result<Terms, Vec<TermError>> {
    let mut reader = Reader { terms, read: Vec::new(), wrong: Vec::new() };
    let kind = contract_type(&mut reader)?;
    let read = fill(&mut reader, kind);
    unknown_names(&mut reader);
    if reader.wrong.is_empty() { Ok(read) } else { Err(reader.wrong) }
}

fn contract_type(reader: &mut Reader<'_>) -> Result<Kind, Vec<TermError>> {
    let refuse = |message: String| Err(vec![TermError::new("contractType", message)]);
    match reader.text("contractType").as_deref() {
        Some("PAM") => Ok(Kind::Bullet),
        Some("LAM") => Ok(Kind::Linear),
        Some("ANN") => Ok(Kind::Annuity),
        Some("CLM") => Ok(Kind::CallMoney),
        Some(other) => refuse(format!("`{other}` is not one of the loans this knows: PAM, ANN, LAM, CLM")),
        None => refuse("is needed: PAM, ANN, LAM or CLM".to_owned()),
    }
}

fn fill(reader: &mut Reader<'_>, kind: Kind) -> Terms {
    let sign = reader.choice("contractRole", &[("RPA", 1.0), ("RPL", -1.0)]);
    let status = reader.time("statusDate");
    let start = reader.time("initialExchangeDate");
    let notional = reader.money("notionalPrincipal");
    let day_count = reader.get("dayCountConvention", &day_counts(), day_count_of);
    let rate = reader.rate("nominalInterestRate");
    if rate.is_some() {
        reader.required("dayCountConvention", day_count, DayCount::Actual365);
    }
    let end_of_month = reader
        .choice("endOfMonthConvention", &[("SD", EndOfMonth::SameDay), ("EOM", EndOfMonth::EndOfMonth)]);
    let scaling_effect = reader.text("scalingEffect").unwrap_or_default();
    let mut terms = Terms {
        kind,
        sign: reader.required("contractRole", sign, 1.0),
        currency: reader.text("currency").unwrap_or_default(),
        status: reader.required("statusDate", status, EPOCH),
        start: reader.required("initialExchangeDate", start, EPOCH),
        maturity: reader.time("maturityDate"),
        amortization: reader.time("amortizationDate"),
        notional: reader.required("notionalPrincipal", notional, 0.0),
        rate,
        accrued: reader.money("accruedInterest"),
        premium: reader.money("premiumDiscountAtIED").unwrap_or(0.0),
        day_count: day_count.unwrap_or(DayCount::Actual365),
        convention: convention(reader),
        end_of_month: end_of_month.unwrap_or(EndOfMonth::SameDay),
        interest: reader.cyclic("cycleAnchorDateOfInterestPayment", "cycleOfInterestPayment"),
        capitalization_end: reader.time("capitalizationEndDate"),
        principal: reader.cyclic("cycleAnchorDateOfPrincipalRedemption", "cycleOfPrincipalRedemption"),
        instalment: reader.money("nextPrincipalRedemptionPayment"),
        base: reader.choice("interestCalculationBase", BASES).unwrap_or(Base::Notional),
        base_amount: reader.money("interestCalculationBaseAmount"),
        base_dates: reader
            .cyclic("cycleAnchorDateOfInterestCalculationBase", "cycleOfInterestCalculationBase"),
        reset: reader.cyclic("cycleAnchorDateOfRateReset", "cycleOfRateReset"),
        reset_series: reader.text("marketObjectCodeOfRateReset").unwrap_or_default(),
        reset_multiplier: reader.rate("rateMultiplier").unwrap_or(1.0),
        reset_spread: reader.rate("rateSpread").unwrap_or(0.0),
        reset_next: reader.rate("nextResetRate"),
        bounds: ["lifeCap", "lifeFloor", "periodCap", "periodFloor"].map(|name| reader.number(name)),
        scaling: reader.cyclic("cycleAnchorDateOfScalingIndex", "cycleOfScalingIndex"),
        scaling_series: reader.text("marketObjectCodeOfScalingIndex").unwrap_or_default(),
        scaling_base: reader.number("scalingIndexAtContractDealDate"),
        scales: [scaling_effect.starts_with('I'), scaling_effect.get(1..2) == Some("N")],
        multipliers: ["interestScalingMultiplier", "notionalScalingMultiplier"]
            .map(|name| reader.rate(name).unwrap_or(1.0)),
        fee: reader.cyclic("cycleAnchorDateOfFee", "cycleOfFee"),
        fee_rate: reader.money("feeRate").unwrap_or(0.0),
        fee_absolute: reader.choice("feeBasis", &[("A", true), ("N", false)]).unwrap_or(false),
        fee_accrued: reader.money("feeAccrued"),
        purchase: priced(reader, "purchaseDate", "priceAtPurchaseDate"),
        termination: priced(reader, "terminationDate", "priceAtTerminationDate"),
        option: reader.cyclic("cycleAnchorDateOfOptionality", "cycleOfOptionality"),
        prepayment: reader.choice("prepaymentEffect", PREPAYMENTS).unwrap_or(Prepayment::None),
        prepayment_series: reader.text("objectCodeOfPrepaymentModel").unwrap_or_default(),
        penalty: reader.choice("penaltyType", PENALTIES).unwrap_or(Penalty::None),
        penalty_rate: reader.money("penaltyRate").unwrap_or(0.0),
        notice: notice(reader),
        defaulted: reader.text("contractPerformance").is_some_and(|text| text == "DF"),
    };
    together(reader, &mut terms);
    terms
}

fn day_count_of(text: &str) -> Option<DayCount> {
    CONVENTIONS.iter().find(|convention| convention.actus.contains(&text)).map(|convention| convention.count)
}

fn day_counts() -> String {
    let names: Vec<&str> =
        CONVENTIONS.iter().filter_map(|convention| convention.actus.first().copied()).collect();
    format!("day count; write one of {}", names.join(", "))
}

const BASES: &[(&str, Base)] = &[("NT", Base::Notional), ("NTIED", Base::Initial), ("NTL", Base::Lagged)];
const PREPAYMENTS: &[(&str, Prepayment)] =
    &[("N", Prepayment::None), ("A", Prepayment::Amount), ("M", Prepayment::Maturity)];
const PENALTIES: &[(&str, Penalty)] = &[
    ("O", Penalty::None),
    ("N", Penalty::Nominal),
    ("A", Penalty::Absolute),
    ("I", Penalty::RateDifference),
];

fn convention(reader: &mut Reader<'_>) -> Convention {
    let calendar = reader.get("calendar", "calendar; write NC or MF", parse_calendar);
    let words = "business day convention; write NOS, or one of SCF, SCMF, SCP, SCMP, CSF, CSMF, CSP, CSMP";
    let (shift, calculates_first) =
        reader.get("businessDayConvention", words, parse_shift).unwrap_or((Shift::None, false));
    Convention { calendar: calendar.unwrap_or(BusinessDays::All), shift, calculates_first }
}

fn priced(reader: &mut Reader<'_>, date: &'static str, price: &'static str) -> Option<(Time, f64)> {
    let amount = reader.money(price);
    let date = reader.time(date)?;
    Some((date, reader.required(price, amount, 0.0)))
}

fn notice(reader: &mut Reader<'_>) -> Period {
    let words = "length of time such as P31D or P1M";
    // A stub has no meaning here, but some write one.
    let parse = |text: &str| Period::parse(text.split('L').next().unwrap_or(text));
    reader.get("xDayNotice", words, parse).unwrap_or(Period { months: 0, days: 0 })
}

/// The most dates that one cycle may make.
const DATES_MAX: i64 = 100_000;

/// Checks across several terms.
fn together(reader: &mut Reader<'_>, terms: &mut Terms) {
    let mut wrong = |term: &'static str, message: &str| {
        reader.wrong.push(TermError::new(term, message.to_owned()));
    };
    if terms.notional < 0.0 {
        wrong("notionalPrincipal", "is negative; direction is the matter of contractRole");
    }
    if terms.kind == Kind::Bullet && terms.maturity.is_none() {
        wrong("maturityDate", "is needed by a PAM");
    }
    if terms.maturity.is_some_and(|maturity| maturity <= terms.start) {
        wrong("maturityDate", "is not after initialExchangeDate");
    }
    let amortises = matches!(terms.kind, Kind::Linear | Kind::Annuity);
    if amortises && terms.principal.anchor.is_none() && terms.principal.cycle.is_none() {
        wrong("cycleOfPrincipalRedemption", "is needed by a LAM or an ANN");
    }
    let open = terms.maturity.is_none() && terms.amortization.is_none();
    if amortises && open && (terms.instalment.is_none() || terms.principal.cycle.is_none()) {
        wrong("maturityDate", "is needed where nextPrincipalRedemptionPayment or its cycle is not given");
    }
    let resets = terms.reset.anchor.is_some() || terms.reset.cycle.is_some();
    if resets && terms.reset_series.is_empty() && terms.reset_next.is_none() {
        wrong("marketObjectCodeOfRateReset", "is needed where the rate is reset");
    }
    let scales = terms.scales.contains(&true);
    if scales && (terms.scaling_series.is_empty() || terms.scaling_base.is_none_or(|base| base == 0.0)) {
        wrong("scalingIndexAtContractDealDate", "and marketObjectCodeOfScalingIndex are needed to scale");
    }
    let last = terms.maturity.or(terms.amortization).unwrap_or(terms.start.plus_months(1200));
    let span = days_between(terms.start.date, last.date);
    for (name, cyclic) in [
        ("cycleOfInterestPayment", terms.interest),
        ("cycleOfPrincipalRedemption", terms.principal),
        ("cycleOfRateReset", terms.reset),
        ("cycleOfFee", terms.fee),
        ("cycleOfScalingIndex", terms.scaling),
        ("cycleOfInterestCalculationBase", terms.base_dates),
        ("cycleOfOptionality", terms.option),
    ] {
        let first = cyclic.anchor.map_or(0, |anchor| days_between(anchor.date, terms.start.date));
        if cyclic.cycle.is_some_and(|cycle| (span + first) / cycle.period.about_days() > DATES_MAX) {
            wrong(name, "makes more than 100000 dates");
        }
    }
}

/// Names that are no term of a loan are refused: most are typing errors.
fn unknown_names(reader: &mut Reader<'_>) {
    for name in reader.terms.keys() {
        if !reader.read.contains(&name.as_str()) && !UNUSED.contains(&name.as_str()) {
            reader.wrong.push(TermError::new(name, "is no term of PAM, ANN, LAM or CLM".to_owned()));
        }
    }
}
