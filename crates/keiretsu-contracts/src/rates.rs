//! Rates of exchange to registers: one number a month, the same in all readings.

use jiff::civil::Date;
use keiretsu_maths::ln::ln;
use keiretsu_model::record::{Basis, Content, Entry, Stated, YearKey};
use keiretsu_program::{Distribution, Reg, Slot};
use keiretsu_values::{Currency, Value};

use crate::calendar::{TermMonths, last_of, month};
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::slots::{plain_slot, sampled, slot_of};

impl<'a> Lowering<'a> {
    /// An amount of a currency in that of the books; what is in none is no money.
    pub fn converted(&mut self, reg: Reg, currency: Option<Currency>) -> Reg {
        if currency.is_none() || currency == Some(self.books.unwrap_or(self.model.currency)) {
            return reg;
        }
        let reg = match self.rate(currency) {
            Some(rate) => self.program.mul(reg, rate),
            None => reg,
        };
        self.entered(reg)
    }

    /// The slot of a figure with the readings of its words, in the currency of the tables on a day.
    pub(crate) fn slot_on(&self, stated: &Stated, day: Date) -> Slot {
        let own = Some(self.model.currency);
        let mut all = [stated.figure.currency, stated.expected_in()].into_iter();
        if all.all(|currency| currency.is_none() || currency == own) {
            return plain_slot(stated, self.model.about);
        }
        let rate = stated.expected_in().map_or(Value::exact(1.0), |other| self.model.worth_on(other, day));
        let sampled = scaled(sampled(stated, self.model.about), rate.amount().unwrap_or(f64::NAN));
        slot_of(self.model.readings_on(stated, day), sampled)
    }

    /// What a unit of a currency is worth in that of the tables; `None` for that one.
    pub(crate) fn rate(&mut self, currency: Option<Currency>) -> Option<Reg> {
        let (currency, entry) = self.rate_entry(currency)?;
        let path = format!("currencies.{}", currency.code());
        match &entry.content {
            Content::Formula(formula, _) => {
                let rate = self.formula(formula);
                Some(if self.past_month.is_some() { self.at_start(rate) } else { rate })
            }
            Content::Figure(stated) => Some(self.stated_rate(path, stated, &entry.basis)),
            Content::ByYear(rates) => Some(self.dated_rates(&path, rates, &entry.basis)),
            _ => None,
        }
    }

    fn rate_entry(&self, currency: Option<Currency>) -> Option<(Currency, &'a Entry)> {
        let currency = currency.filter(|currency| *currency != self.model.currency)?;
        let (_, entry) = self.model.currencies.iter().find(|(known, _)| *known == currency)?;
        Some((currency, entry))
    }

    /// Whether the rate of a currency may differ from month to month.
    pub(crate) fn moves(&self, currency: Option<Currency>) -> bool {
        match self.rate_entry(currency).map(|(_, entry)| &entry.content) {
            Some(Content::Formula(..)) => true,
            Some(Content::ByYear(rates)) => rates.len() > 1,
            _ => false,
        }
    }

    /// Whether the rate of a currency follows factors.
    pub(crate) fn is_formula(&self, currency: Option<Currency>) -> bool {
        matches!(self.rate_entry(currency), Some((_, Entry { content: Content::Formula(..), .. })))
    }

    /// Months cut where a dated rate of one of these currencies begins to hold; none where there are no
    /// months.
    pub(crate) fn stretches(&self, currencies: &[Currency], months: TermMonths) -> Vec<TermMonths> {
        if months.count() <= 0 {
            return vec![];
        }
        let mut firsts = vec![months.first];
        for currency in currencies {
            let Some((_, entry)) = self.rate_entry(Some(*currency)) else { continue };
            let Content::ByYear(rates) = &entry.content else { continue };
            firsts.extend(rates.iter().skip(1).map(|(key, _)| self.begins(key)));
        }
        firsts.retain(|first| months.holds(*first));
        firsts.sort_unstable();
        firsts.dedup();
        let lasts = firsts.iter().skip(1).map(|next| next - 1).chain([months.last]);
        firsts.iter().zip(lasts).map(|(first, last)| TermMonths { first: *first, last }).collect()
    }

    /// Shares of an amount that is read at the rate of its month, each at the rate of its day.
    pub(crate) fn at_days(&self, currency: Option<Currency>, dated: &Dated) -> Dated {
        let Some(currency) = currency.filter(|_| self.books.is_none() && self.moves(currency)) else {
            return dated.clone();
        };
        let worth = |day| self.model.worth_on(currency, day).amount().unwrap_or(f64::NAN);
        Dated::of(
            dated.shares().map(|(on, share)| (on, share * worth(on) / worth(last_of(month(on))))).collect(),
        )
    }

    /// The month in which a dated rate begins to hold.
    fn begins(&self, key: &YearKey) -> i64 {
        match key {
            YearKey::At(when) => self.calendar.from(when),
            YearKey::Later => i64::MAX,
        }
    }

    /// A rate of exchange in words: the same in all readings, what is expected of it.
    fn stated_rate(&mut self, path: String, stated: &Stated, basis: &Basis) -> Reg {
        let plain = plain_slot(stated, self.model.about);
        let possible = [plain.possible[1]; 3];
        let slot = Slot { firm: plain.expected, headline: plain.expected, possible, ..plain };
        let slot = self.slot(path, stated, basis, slot);
        self.program.read(slot)
    }

    /// Dated rates: each holds from its month until the next one's, the first one also before its own. For a
    /// month before the run it is the one that held then.
    fn dated_rates(&mut self, path: &str, rates: &[(YearKey, Stated)], basis: &Basis) -> Reg {
        let mut sum: Option<Reg> = None;
        for (at, (key, stated)) in rates.iter().enumerate() {
            let first = if at == 0 { i64::MIN } else { self.begins(key) };
            let last = rates.get(at + 1).map_or(i64::MAX, |(next, _)| self.begins(next) - 1);
            let held = TermMonths { first, last };
            if self.past_month.is_some_and(|t| !held.holds(t)) {
                continue;
            }
            let words = if let YearKey::At(when) = key { when.text() } else { at.to_string() };
            let rate = self.stated_rate(format!("{path}.{words}"), stated, basis);
            if self.past_month.is_some() {
                return rate;
            }
            let holds = self.active(held);
            let part = self.program.mul(rate, holds);
            sum = Some(sum.map_or(part, |sum| self.program.add(sum, part)));
        }
        sum.unwrap_or_else(|| self.program.number(f64::NAN))
    }
}

/// A distribution of what is drawn times a positive number.
fn scaled(drawn: Distribution, by: f64) -> Distribution {
    match drawn {
        Distribution::Point(x) => Distribution::Point(x * by),
        Distribution::Lognormal { mu, sigma } => Distribution::Lognormal { mu: mu + ln(by), sigma },
        Distribution::Uniform { low, high } => Distribution::Uniform { low: low * by, high: high * by },
    }
}
