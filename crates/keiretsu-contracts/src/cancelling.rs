//! Termination for convenience: what of each commitment stands only as long as nobody cancels.
//!
//! A right to cancel moves no money and changes no reading, since nobody has used it. It takes what is left
//! of a commitment apart: what would fall away if notice were given as soon as it can be, and what would
//! stand all the same, which is what falls due within the notice and the fee. By hand: of $2M a month for 12
//! more months, notice of 3 months leaves 6 of 24, and a fee of 4 leaves 10; 14 can be cancelled.
//!
//! Invariant: both parts together are what is left, as read; a fee takes no more than what falls away.
//! Absent: that anybody cancels; that is `terminated_when`, which owes the same fee.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use keiretsu_model::record::{Content, Record, Stated};
use keiretsu_model::{Contract, ContractRef, PartyRef, Standing, date};
use keiretsu_program::Tag;
use keiretsu_values::{Dimension, Reading, Set, Value};

use crate::lowering::Lowering;
use crate::side::{Cancellable, Cancelling, Commitment, Due, Parts};
use crate::terms::versions;

const NOTICE: &str = "its notice is not disclosed";
const FEE: &str = "its fee for cancelling is not disclosed";
const UNDATED: &str = "what of it falls within the notice is not dated";
/// The word for whoever is a party to the contract.
pub(crate) const EITHER: &str = "either";

/// A right to cancel.
struct Right<'a> {
    /// The first day on which notice can be given.
    from: Date,
    notice: Option<&'a Stated>,
    fee: Option<&'a Stated>,
}

/// What is left of a commitment in one reading.
struct Cut {
    stands: Value,
    falls: Value,
}

/// The days up to which dues stand: as read, with the shortest notice, and with the longest, if that has an
/// end.
struct Days {
    read: Date,
    short: Date,
    long: Option<Date>,
    /// Whether nothing is said of the notice.
    unread: bool,
    /// Whether there is none.
    none: bool,
}

/// What is owed for cancelling.
enum Fee {
    /// A share of what falls away.
    Share(Value),
    /// An amount.
    Money(Value),
    /// What falls due in so many years after the end.
    Time(Value),
    /// Nothing is said of it.
    Unread,
}

impl Lowering<'_> {
    /// Notes in commitments what is said of cancelling them, wholes and slices alike.
    pub(crate) fn note_cancelling(&self, all: &mut [Commitment]) {
        let mut by_right: BTreeMap<ContractRef, Vec<usize>> = BTreeMap::new();
        for (at, one) in all.iter().enumerate() {
            if let Some(owner) = self.says_of_cancelling(one.contract) {
                by_right.entry(owner).or_default().push(at);
            }
        }
        for (owner, mine) in by_right {
            self.take_apart(owner, all, &mine);
        }
    }

    /// The contract that says whether a commitment of this one can be cancelled: itself, else its whole.
    fn says_of_cancelling(&self, contract: ContractRef) -> Option<ContractRef> {
        let says = |id: &ContractRef| {
            let known = self.model.contract(*id)?;
            known.versions.iter().any(|version| version.record.has("cancellable")).then_some(())
        };
        let whole = || self.whole_of(self.model.contract(contract)?);
        Some(contract).filter(|id| says(id).is_some()).or_else(|| whole().filter(|id| says(id).is_some()))
    }

    fn take_apart(&self, owner: ContractRef, all: &mut [Commitment], mine: &[usize]) {
        let Some(contract) = self.model.contract(owner) else { return };
        let versions = versions(owner, contract, &self.calendar);
        let Some(entry) = versions
            .iter()
            .find(|version| version.current)
            .and_then(|version| version.record.entry("cancellable"))
        else {
            return;
        };
        let nothing = Record::default();
        let record = match &entry.content {
            Content::Table(record) => record,
            Content::Flag(true) => &nothing,
            Content::Flag(false) => return note(all, mine, &of(Cancellable::Never, "no")),
            Content::Text(_) => return note(all, mine, &of(Cancellable::Undisclosed, "undisclosed")),
            _ => return,
        };
        if record.when("until").is_some_and(|until| self.calendar.is_past(&until)) {
            return note(all, mine, &of(Cancellable::Never, "no longer"));
        }
        let by = able(contract, record, |name| self.model.find_party(name));
        let words = self.cancelling_in_words(record, &by);
        note(all, mine, &Cancelling { by, ..of(Cancellable::Can, &words) });
        let right = Right {
            from: record.when("from").map_or(self.model.as_of, |from| from.first.max(self.model.as_of)),
            notice: record.figure("notice"),
            fee: record.figure("fee"),
        };
        let parts = Reading::ALL.map(|reading| self.cuts(&right, all, mine, reading));
        let from = Reading::ALL.map(|reading| days(&right, reading).read);
        let share = Reading::ALL.map(|reading| match self.fee(&right, reading) {
            Fee::Share(fee) => Value::exact(1.0).minus(&fee),
            Fee::Money(_) | Fee::Time(_) | Fee::Unread => Value::exact(1.0),
        });
        for (place, at) in mine.iter().enumerate() {
            let part = |of: fn(&Cut) -> &Value| Reading::ALL.map(|r| of(&parts[r][place]).clone());
            all[*at].cancelling.parts = Some(Parts {
                falls: part(|cut| &cut.falls),
                stands: part(|cut| &cut.stands),
                from,
                share: share.clone(),
            });
        }
    }

    /// What falls away and what stands of each commitment of a right.
    fn cuts(&self, right: &Right<'_>, all: &[Commitment], mine: &[usize], reading: Reading) -> Vec<Cut> {
        let days = days(right, reading);
        let mut cuts: Vec<Cut> = mine.iter().map(|at| cut(&all[*at], &days, reading)).collect();
        // What comes back of money lent is owed once it is lent, and is not where it never will be.
        let back = |at: &usize| all[*at].is_for(Tag::Principal) && all[*at].tranche.is_some();
        let lent = mine.iter().zip(&cuts).filter(|(at, _)| all[**at].is_for(Tag::Principal) && !back(at));
        let lent = lent.fold(Value::exact(0.0), |sum, (_, cut)| sum.plus(&cut.falls));
        for (at, cut) in mine.iter().zip(&mut cuts).filter(|(at, _)| back(at)) {
            let falls = cut.falls.min(&lent);
            *cut = Cut { stands: all[*at].left(reading).minus(&falls).within(Set::NOT_NEGATIVE), falls };
        }
        let owing: Vec<usize> = (0..mine.len()).filter(|place| !back(&mine[*place])).collect();
        // A fee that is owed for another end is that of cancelling, as far as it goes.
        let (fees, others): (Vec<usize>, Vec<usize>) =
            owing.into_iter().partition(|place| all[mine[*place]].is_for(Tag::Fee));
        let mut fee = match self.fee(right, reading) {
            Fee::Time(years) => {
                let runs = |one: &&Commitment| !one.cancelling.stays && !one.is_for(Tag::Fee);
                let paid = mine.iter().map(|at| &all[*at]).filter(runs);
                let dues = paid.flat_map(|one| &one.dues).filter(|due| !due.past);
                Fee::Money(of_time(dues, days.read, &years, reading))
            }
            fee => fee,
        };
        for places in [fees, others] {
            fee = charge(fee, &mut cuts, &places);
        }
        for (at, cut) in mine.iter().zip(&mut cuts) {
            // Notice and fee together are no more than what is left.
            let most = Set::between(0.0, all[*at].left(reading).set().high);
            cut.stands = cut.stands.clone().within(most);
        }
        cuts
    }

    fn fee(&self, right: &Right<'_>, reading: Reading) -> Fee {
        match right.fee.filter(|stated| !stated.is_open()) {
            None => Fee::Unread,
            Some(stated) if stated.figure.dimension == Dimension::NUMBER => {
                Fee::Share(readings(stated)[reading].clone().within(Set::SHARE))
            }
            Some(stated) if stated.figure.dimension == Dimension::TIME => {
                Fee::Time(readings(stated)[reading].clone())
            }
            Some(stated) => {
                let [firm, expected, headline] = self.readings(stated, Standing::Binding);
                Fee::Money([firm, expected, headline][reading].clone())
            }
        }
    }

    fn cancelling_in_words(&self, record: &Record, by: &[PartyRef]) -> String {
        let names: Vec<&str> = by.iter().map(|party| self.model.party(*party).title.as_str()).collect();
        let who = if names.is_empty() {
            "by whom undisclosed".into()
        } else {
            format!("by {}", names.join(" or "))
        };
        let words = |term: &str| record.entry(term).map_or("undisclosed", |entry| entry.text.as_str());
        let mut said = format!("{who}; notice {}; fee {}", words("notice"), words("fee"));
        for term in ["from", "until"] {
            if let Some(when) = record.when(term) {
                said = format!("{said}; {term} {}", when.text());
            }
        }
        said
    }
}

/// Moves the fee from what falls away to what stands, by what falls away of each; gives what is left of it.
fn charge(fee: Fee, cuts: &mut [Cut], owing: &[usize]) -> Fee {
    let whole = owing.iter().fold(0.0, |sum, place| sum + cuts[*place].falls.amount().unwrap_or(0.0));
    let mut charged = Value::exact(0.0);
    for place in owing {
        let Cut { stands, falls } = &cuts[*place];
        let [fee, rest] = match &fee {
            // A share and what it leaves are not free of each other.
            Fee::Share(share) => {
                [share.clone(), Value::exact(1.0).minus(share)].map(|part| falls.scaled(&part))
            }
            Fee::Money(fee) => {
                let read = falls.amount().unwrap_or(0.0);
                let part = if 0.0 < whole { read / whole } else { 1.0 / owing.len() as f64 };
                let fee = fee.times(part).min(falls);
                let rest = falls.minus(&fee).within(Set::NOT_NEGATIVE);
                [fee, rest]
            }
            // What falls due in a time has become an amount.
            Fee::Time(_) | Fee::Unread if falls.is_zero() => [Value::exact(0.0), falls.clone()],
            Fee::Time(_) | Fee::Unread => {
                let fee = Value::unread(FEE, Set::between(0.0, falls.set().high));
                let rest = falls.minus(&fee).within(Set::NOT_NEGATIVE);
                [fee, rest]
            }
        };
        charged = charged.plus(&fee);
        cuts[*place] = Cut { stands: stands.plus(&fee), falls: rest };
    }
    match fee {
        Fee::Money(fee) if !charged.is_zero() => Fee::Money(fee.minus(&charged).within(Set::NOT_NEGATIVE)),
        fee => fee,
    }
}

/// What falls due in so many years after a day: of dues by the year a part.
fn of_time<'a>(dues: impl Iterator<Item = &'a Due>, end: Date, years: &Value, reading: Reading) -> Value {
    let later: Vec<&Due> = dues.filter(|due| end < due.on).collect();
    let falls_by = |day: Date| sum(later.iter().filter(|due| due.on <= day).copied(), reading);
    let of = |years: f64| {
        if 1.0 <= years {
            return falls_by(self::later(end, years));
        }
        // Where less is left than a year, it is a part of that.
        let months = |day: Date| 12 * i32::from(day.year()) + i32::from(day.month());
        let left = later.iter().map(|due| months(due.on) - months(end)).max().unwrap_or(0).clamp(1, 12);
        let share = (12.0 * years / f64::from(left)).min(1.0);
        falls_by(self::later(end, 1.0)).times(share)
    };
    let (set, read) = (years.set(), of(years.amount().unwrap_or(0.0)));
    if set.is_point() {
        return read;
    }
    let ends = [set.low.max(0.0), set.high].map(|years| if years.is_finite() { of(years) } else { of(1e3) });
    widened(&read, ends[0].set().or(ends[1].set()))
}

/// Who is named as able to do something under a contract: a role of it, either, or a party.
pub(crate) fn able(
    contract: &Contract,
    record: &Record,
    find: impl Fn(&str) -> Option<PartyRef>,
) -> Vec<PartyRef> {
    let Some(name) = record.text("by") else { return vec![] };
    let roles = contract.spec.roles().zip([contract.obligor, contract.obligee]);
    let named: Vec<PartyRef> = roles
        .filter(|(role, _)| name == EITHER || role.name == name)
        .filter_map(|(_, party)| party)
        .collect();
    if named.is_empty() { find(name).into_iter().collect() } else { named }
}

fn of(said: Cancellable, words: &str) -> Cancelling {
    Cancelling { said, words: words.to_owned(), ..Cancelling::default() }
}

fn note(all: &mut [Commitment], mine: &[usize], said: &Cancelling) {
    for at in mine {
        let stays = all[*at].cancelling.stays;
        all[*at].cancelling =
            if stays { Cancelling { stays, ..of(Cancellable::Never, &said.words) } } else { said.clone() };
    }
}

/// The readings of a figure that is no money.
fn readings(stated: &Stated) -> [Value; 3] {
    [stated.firm(), stated.expected(), stated.headline()]
}

fn days(right: &Right<'_>, reading: Reading) -> Days {
    let notice =
        right.notice.filter(|stated| !stated.is_open()).map(|stated| readings(stated)[reading].clone());
    let Some(notice) = notice else {
        return Days { read: right.from, short: right.from, long: None, unread: true, none: false };
    };
    let set = notice.set();
    Days {
        read: later(right.from, notice.amount().unwrap_or(0.0)),
        short: later(right.from, set.low.max(0.0)),
        long: set.high.is_finite().then(|| later(right.from, set.high)),
        unread: false,
        none: set.high <= 0.0,
    }
}

const DAYS_IN_A_YEAR: f64 = 365.25;

/// A day that is a number of years after another.
fn later(day: Date, years: f64) -> Date {
    match date::whole_months(years) {
        Some(months) => day.saturating_add((months as i32).months()),
        None => day.saturating_add(((years * DAYS_IN_A_YEAR).round() as i32).days()),
    }
}

fn cut(one: &Commitment, days: &Days, reading: Reading) -> Cut {
    let left = one.left(reading);
    if one.cancelling.stays {
        return Cut { stands: left, falls: Value::exact(0.0) };
    }
    let [within, after] = [true, false].map(|within| {
        move |day: Option<Date>| {
            let mine = one.dues.iter().filter(|due| !due.past);
            let mine = mine.filter(|due| day.is_none_or(|day| due.on <= day) == within);
            sum(mine, reading)
        }
    });
    let none_within = !one.dues.iter().any(|due| !due.past && due.on <= days.read);
    let undated = one.undated(reading);
    let falls = if none_within { left } else { after(Some(days.read)).plus(&undated) };
    let mut cut = Cut { stands: within(Some(days.read)), falls };
    if days.unread {
        cut.moves(NOTICE, cut.falls.set().high);
        return cut;
    }
    if Some(days.short) != days.long {
        let ends = |of: &dyn Fn(Option<Date>) -> Value| of(Some(days.short)).set().or(of(days.long).set());
        cut.stands = widened(&cut.stands, ends(&within));
        cut.falls = widened(&cut.falls, ends(&|day| after(day).plus(&undated)));
    }
    if !days.none {
        cut.moves(UNDATED, undated.set().high);
    }
    cut
}

impl Cut {
    /// Lets an unknown part of what falls away stand.
    fn moves(&mut self, why: &str, most: f64) {
        if most <= 0.0 {
            return;
        }
        let part = Value::unread(why, Set::between(0.0, most));
        self.stands = self.stands.plus(&part);
        self.falls = self.falls.minus(&part).within(Set::NOT_NEGATIVE);
    }
}

fn sum<'a>(dues: impl Iterator<Item = &'a Due>, reading: Reading) -> Value {
    dues.fold(Value::exact(0.0), |sum, due| sum.plus(&due.amounts[reading]))
}

/// The same amount, which may be anything in a set as well.
pub(crate) fn widened(value: &Value, set: Set) -> Value {
    let own = value.set();
    let more = |end: f64, own: f64| if own.is_infinite() { 0.0 } else { end - own };
    let [low, high] = [more(set.low, own.low).min(0.0), more(set.high, own.high).max(0.0)];
    value.plus(&Value::new(0.0, Set { low, high }))
}

#[cfg(test)]
mod tests;
