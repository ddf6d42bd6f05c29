//! Who holds how much of whom, and what it is worth.

use crate::rows::Place;
use crate::work::Work;

impl Work<'_> {
    /// Stakes at as-of: as stated; nothing where issues will feed them; else unknown.
    pub fn open_stakes(&mut self) {
        let plan = self.plan;
        let program = plan.program;
        let fed =
            |at: usize| program.flows.iter().any(|flow| flow.issue.is_some_and(|i| i.holding.at() == at));
        for (at, holding) in program.holdings.iter().enumerate() {
            let row = plan.layout.stakes[at].expect("every holding has a stake");
            let place = match holding.stake {
                Some(slot) => plan.slots[slot.at()],
                None if fed(at) => Place::Fixed(0.0),
                None => Place::Fixed(f64::NAN),
            };
            self.set(row, place, 0);
        }
        for row in plan.layout.dilution.iter().flatten() {
            self.rows.row_mut(*row).fill(1.0);
        }
    }

    /// Values at as-of, which marks are rebased to.
    pub fn open_values(&mut self) {
        let plan = self.plan;
        for (at, row) in plan.layout.value_start.iter().enumerate() {
            if let Some(row) = *row {
                let value = plan.program.parties[at].value.expect("only who has a value");
                self.set(row, plan.register(value), 0);
            }
        }
    }

    /// Dilutes all stakes in an issuer for what it raised.
    pub fn dilute_for(&mut self, issuer: usize, raised: usize, price: Option<Place>, t: u32) {
        let Some(price) = price else { return };
        for lane in 0..self.rows.width() {
            let amount = self.rows.get(raised, lane);
            if amount > 0.0 {
                let price = self.arg(price, t).at(lane);
                self.dilute(issuer, price / (price + amount), lane);
            }
        }
    }

    fn dilute(&mut self, issuer: usize, by: f64, lane: usize) {
        let plan = self.plan;
        for (holding, row) in plan.program.holdings.iter().zip(&plan.layout.stakes) {
            if holding.issuer.at() == issuer {
                *self.rows.cell(row.expect("every holding has a stake"), lane) *= by;
            }
        }
        // What was bought of an issuer without a value is kept at cost.
        let valued = plan.program.parties[issuer].value.is_some();
        for (holding, row) in plan.program.holdings.iter().zip(&plan.layout.bought).filter(|_| valued) {
            if let (true, Some(row)) = (holding.issuer.at() == issuer, *row) {
                *self.rows.cell(row, lane) *= by;
            }
        }
        if let Some(row) = plan.layout.dilution[issuer] {
            *self.rows.cell(row, lane) *= by;
        }
    }

    /// Units of this month: those given in kind, then those that payments bought, each in the order of flows.
    pub fn issue(&mut self, t: u32) {
        self.issue_in_kind(t);
        let plan = self.plan;
        for (at, flow) in plan.program.flows.iter().enumerate() {
            let Some(issue) = flow.issue else { continue };
            let paid = self.paid(at);
            let pre = plan.register(issue.pre_money);
            let issuer = plan.program.holdings[issue.holding.at()].issuer.at();
            for lane in 0..self.rows.width() {
                let amount = self.rows.get(paid, lane);
                if amount > 0.0 {
                    let pre = self.arg(pre, t).at(lane);
                    let is_priced = pre > 0.0;
                    let by = if is_priced { pre / (pre + amount) } else { f64::NAN };
                    self.dilute(issuer, by, lane);
                    self.add_units(issue.holding.at(), pre, amount, lane);
                }
            }
        }
    }

    /// New units of a holding; beside a mark they are remembered apart, at cost where the issuer has no
    /// value.
    fn add_units(&mut self, holding: usize, pre: f64, amount: f64, lane: usize) {
        let plan = self.plan;
        let part = amount / (pre + amount);
        let stake = plan.layout.stakes[holding].expect("every holding has a stake");
        *self.rows.cell(stake, lane) += part;
        if let Some(bought) = plan.layout.bought[holding] {
            let issuer = plan.program.holdings[holding].issuer.at();
            let valued = plan.program.parties[issuer].value.is_some();
            *self.rows.cell(bought, lane) += if valued { part } else { amount };
        }
    }

    fn issue_in_kind(&mut self, t: u32) {
        let plan = self.plan;
        for issue in plan.program.flows.iter().filter_map(|flow| flow.issue) {
            let Some(given) = issue.in_kind else { continue };
            let (given, pre) = (plan.register(given), plan.register(issue.pre_money));
            let issuer = plan.program.holdings[issue.holding.at()].issuer.at();
            for lane in 0..self.rows.width() {
                let (given, pre) = (self.arg(given, t).at(lane), self.arg(pre, t).at(lane));
                if given <= 0.0 {
                    continue;
                }
                // An unknown gift makes every stake unknown, as an unknown price does.
                let is_priced = pre > 0.0 && !given.is_nan();
                let by = if is_priced { pre / (pre + given) } else { f64::NAN };
                self.dilute(issuer, by, lane);
                self.add_units(issue.holding.at(), pre, given, lane);
            }
        }
    }

    /// Values of parties and holdings that are watched.
    pub fn value(&mut self, t: u32) {
        let plan = self.plan;
        for (at, row) in plan.layout.values.iter().enumerate() {
            if let Some(row) = *row {
                for lane in 0..self.rows.width() {
                    *self.rows.cell(row, lane) = self.value_of(at, lane, t);
                }
            }
        }
        for (at, row) in plan.layout.holdings.iter().enumerate() {
            if let Some(row) = *row {
                for lane in 0..self.rows.width() {
                    *self.rows.cell(row, lane) = self.holding_of(at, lane, t);
                }
            }
        }
    }

    /// Whether a party has defaulted.
    pub fn is_gone(&self, party: usize, lane: usize) -> bool {
        let row = self.plan.layout.defaulted[self.plan.purses[party]];
        row.is_some_and(|row| self.rows.get(row, lane) > 0.5)
    }

    /// Equity value of a party; nothing once it has defaulted.
    fn value_of(&self, party: usize, lane: usize, t: u32) -> f64 {
        if self.is_gone(party, lane) {
            return 0.0;
        }
        let value = self.plan.program.parties[party].value;
        value.map_or(f64::NAN, |reg| self.arg(self.plan.register(reg), t).at(lane))
    }

    /// Value of a holding: its mark moved with the issuer's value and diluted, and what was bought since;
    /// else its stake in that value.
    pub fn holding_of(&self, at: usize, lane: usize, t: u32) -> f64 {
        let plan = self.plan;
        let holding = &plan.program.holdings[at];
        let issuer = holding.issuer.at();
        if self.is_gone(issuer, lane) {
            return 0.0;
        }
        let value = self.value_of(issuer, lane, t);
        let Some(mark) = holding.mark else {
            let stake = plan.layout.stakes[at].expect("every holding has a stake");
            return self.rows.get(stake, lane) * value;
        };
        let mark = self.arg(plan.slots[mark.at()], t).at(lane);
        let bought = plan.layout.bought[at].map_or(0.0, |row| self.rows.get(row, lane));
        let Some(start) = plan.layout.value_start[issuer] else { return mark + bought };
        let start = self.rows.get(start, lane);
        let dilution = plan.layout.dilution[issuer].expect("an issuer that is held has a dilution");
        crate::logic::quotient(mark * value, start) * self.rows.get(dilution, lane) + bought * value
    }
}
