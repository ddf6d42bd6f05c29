//! Own money of groups, month by month: pro rata or by lots, as the run says.

use crate::elimination::{Group, group};
use crate::lots::{self, Lots, follows_lots};
use crate::payments::Payments;
use crate::plan::Plan;
use crate::pro_rata::{self, ProRata};
use crate::state::State;

/// Memory of own money.
pub struct Own {
    /// What is paid between purses.
    pub payments: Payments,
    pro_rata: ProRata,
    /// Lots by path; empty where none are followed.
    lots: Vec<Lots>,
}

impl Own {
    /// Memory for the groups of a run.
    pub fn new(plan: &Plan) -> Self {
        let payments = Payments::new(plan);
        let lists = plan.spec.own_money.iter();
        let groups: Vec<Group> =
            lists.map(|list| group(plan, list, |from, to| payments.can_pay(from, to))).collect();
        let paths = if follows_lots(plan) { plan.width } else { 0 };
        Self { payments, pro_rata: ProRata::new(groups, plan.width), lots: vec![Lots::default(); paths] }
    }

    /// Fractions and lots at as-of.
    pub fn open(&mut self, state: &mut State<'_>) {
        pro_rata::open(state);
        lots::open(state, &mut self.lots);
    }

    /// What each party received of each group's money this month, and what that leaves.
    pub fn month(&mut self, state: &mut State<'_>) {
        let count = self.pro_rata.groups().len();
        if count == 0 {
            return;
        }
        self.payments.gather(state);
        for at in 0..count {
            if self.lots.is_empty() {
                self.pro_rata.month(state, &self.payments, at);
            } else {
                let is_member = &self.pro_rata.groups()[at].is_member;
                lots::spend(state, &mut self.lots, &self.payments, at, is_member);
            }
        }
    }

    /// Exchanges the lots of the block for those of another.
    pub fn swap_lots(&mut self, lots: &mut Vec<Lots>) {
        std::mem::swap(&mut self.lots, lots);
    }
}
