//! Section 4: what falls due, and what service credits settle of it.

use keiretsu_program::{CreditsId, FlowId, Reg, Unread};

use super::{Oracle, Record};

impl Oracle<'_> {
    /// Section 4: what is due in cash before service credits.
    pub(super) fn dues(&mut self, now: &mut Record) {
        for (index, flow) in self.program.flows.iter().enumerate() {
            let fallen = self.defaulted[self.purse(flow.from)] || self.defaulted[self.purse(flow.to)];
            let amount = now.registers[flow.amount.0 as usize];
            if fallen && !flow.survives {
                continue;
            }
            if amount.is_nan() || (amount.is_infinite() && !self.world.is_path()) {
                self.history.left_out.insert(FlowId(index as u32));
            } else {
                now.due[index] = amount.max(0.0);
                self.history.largest = self.history.largest.max(now.due[index]);
            }
        }
    }

    /// Section 4: pools in order, each grants, settles its flows in order, expires.
    pub(super) fn use_credits(&mut self, t: u32, now: &mut Record) {
        for (index, cover) in self.program.covers.iter().enumerate() {
            let growth = growth(cover.grows, now);
            self.drawn[index] *= growth;
            self.kept[index] *= growth;
        }
        for (index, pool) in self.program.credits.iter().enumerate() {
            let grant = now.registers[pool.grant.0 as usize];
            let ended = pool.expiry < t || self.defaulted[self.purse(pool.grantor)];
            if !ended && grant.is_nan() {
                self.history.unread.insert(Unread::Grant(CreditsId(index as u32)));
            }
            let granted = if ended { 0.0 } else { grant.max(0.0) }; // unknown: nothing
            let mut left = self.credits[index] * growth(pool.grows, now) + granted;
            for flow in &pool.flows {
                let used = left.min(now.due[flow.at()]);
                left -= used;
                now.due[flow.at()] -= used;
                now.settled[flow.at()] += used;
                now.used[index] += used;
            }
            if t == pool.expiry {
                now.expired[index] = left;
                left = 0.0;
            }
            self.credits[index] = left;
        }
    }
}

/// What money in another currency is worth this month, of what it was worth last month.
fn growth(grows: Option<Reg>, now: &Record) -> f64 {
    grows.map(|reg| now.registers[reg.0 as usize]).filter(|by| by.is_finite()).unwrap_or(1.0)
}
