//! Rates of exchange to registers: one number a month, the same in all readings.

use keiretsu_model::record::{Basis, Content, Stated, YearKey};
use keiretsu_program::{Reg, Slot};
use keiretsu_values::Currency;

use crate::lowering::Lowering;
use crate::ramps::TermMonths;
use crate::slots::plain_slot;

impl Lowering<'_> {
    /// An amount of another currency in model currency.
    pub fn converted(&mut self, reg: Reg, currency: Option<Currency>) -> Reg {
        match self.rate(currency) {
            Some(rate) => self.program.mul(reg, rate),
            None => reg,
        }
    }

    fn rate(&mut self, currency: Option<Currency>) -> Option<Reg> {
        let currency = currency.filter(|currency| *currency != self.model.currency)?;
        let (_, entry) = self.model.currencies.iter().find(|(known, _)| *known == currency)?;
        let path = format!("currencies.{}", currency.code());
        match &entry.content {
            Content::Formula(formula, _) => Some(self.formula(formula)),
            Content::Figure(stated) => Some(self.stated_rate(path, stated, &entry.basis)),
            Content::ByYear(rates) => Some(self.dated_rates(&path, rates, &entry.basis)),
            _ => None,
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

    /// Dated rates: each holds from its month until the next one's, the first one also before its own.
    fn dated_rates(&mut self, path: &str, rates: &[(YearKey, Stated)], basis: &Basis) -> Reg {
        let calendar = self.calendar;
        let from = |key: &YearKey| match key {
            YearKey::At(when) => calendar.from(when),
            YearKey::Later => i64::MAX,
        };
        let mut sum: Option<Reg> = None;
        for (at, (key, stated)) in rates.iter().enumerate() {
            let first = if at == 0 { i64::MIN } else { from(key) };
            let last = rates.get(at + 1).map_or(i64::MAX, |(next, _)| from(next) - 1);
            let words = if let YearKey::At(when) = key { when.text() } else { at.to_string() };
            let rate = self.stated_rate(format!("{path}.{words}"), stated, basis);
            let holds = self.active(TermMonths { first, last });
            let part = self.program.mul(rate, holds);
            sum = Some(sum.map_or(part, |sum| self.program.add(sum, part)));
        }
        sum.unwrap_or_else(|| self.program.number(f64::NAN))
    }
}
