//! Section 9: who raises, who is given units and who buys them, and what that leaves the others.

use super::{Oracle, Record};

impl Oracle<'_> {
    /// Section 9: raises first, then issues in kind, then those for payments, each in the order of flows.
    pub(super) fn issue(&mut self, now: &Record) {
        for (party, &raised) in now.raised.iter().enumerate() {
            if raised > 0.0 {
                let price = self.program.parties[party].funding.and_then(|funding| funding.price);
                let price = price.expect("who raises has a price");
                self.dilute(party, now.registers[price.0 as usize], raised);
            }
        }
        for flow in &self.program.flows {
            let Some(issue) = flow.issue else { continue };
            let Some(given) = issue.in_kind.map(|reg| now.registers[reg.0 as usize]) else { continue };
            let pre = now.registers[issue.pre_money.0 as usize];
            if given > 0.0 || given.is_nan() {
                self.history.money_gap(given);
                self.history.money_gap(pre);
                self.dilute(flow.to.at(), pre, given);
                self.add(issue.holding.at(), pre, given);
            }
        }
        for (flow, &paid) in self.program.flows.iter().zip(&now.paid) {
            let Some(issue) = flow.issue else { continue };
            let pre = now.registers[issue.pre_money.0 as usize];
            if paid > 0.0 {
                self.history.money_gap(paid);
                self.history.money_gap(pre);
                self.dilute(flow.to.at(), pre, paid);
                self.add(issue.holding.at(), pre, paid);
            }
        }
    }

    fn add(&mut self, holding: usize, pre: f64, amount: f64) {
        let part = amount / (pre + amount);
        self.stake[holding] += part;
        // Section 11: beside a mark, at cost where the issuer has no value.
        let issuer = self.program.holdings[holding].issuer.at();
        self.bought[holding] += if self.program.parties[issuer].value.is_some() { part } else { amount };
    }

    fn dilute(&mut self, issuer: usize, pre: f64, amount: f64) {
        let factor = if pre > 0.0 { pre / (pre + amount) } else { f64::NAN };
        for (index, holding) in self.program.holdings.iter().enumerate() {
            if holding.issuer.at() == issuer {
                self.stake[index] *= factor;
                self.dilution[index] *= factor;
                self.bought[index] *= if self.program.parties[issuer].value.is_some() { factor } else { 1.0 };
            }
        }
    }
}
