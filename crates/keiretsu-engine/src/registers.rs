//! Computes registers and dues of a month, step by step of the tape.

use keiretsu_program::Mode;

use crate::charges::{Charge, ChargeRow, PostCharges};
use crate::plan::overlays::Held;
use crate::plan::tape::{Code, Due, Product, Step};
use crate::rows::{Arg, Place};
use crate::steps;
use crate::work::Work;

impl Work<'_> {
    /// Which defaults there are on any path.
    pub fn find_gone(&mut self) {
        for row in self.plan.layout.defaulted.iter().flatten() {
            self.gone[*row] = self.lanes.run(steps::AnyAbove { row: self.rows.row(*row), limit: 0.5 });
        }
    }

    /// Computes what the tape says, in its order.
    pub fn run_tape(&mut self, t: u32) {
        let plan = self.plan;
        for step in &plan.tape.steps {
            self.step(step, t);
        }
    }

    fn step(&mut self, step: &Step, t: u32) {
        let plan = self.plan;
        let month = plan.table.month(t);
        match *step {
            Step::Apply { code, out, a, b } => {
                let (out, others) = self.rows.split(out);
                let (a, b) = (others.arg(a, month), others.arg(b, month));
                self.lanes.run(steps::Apply { code, out, a, b });
            }
            Step::Choose { out, when, then, otherwise } => {
                let (out, others) = self.rows.split(out);
                let (when, then) = (others.arg(when, month), others.arg(then, month));
                let otherwise = others.arg(otherwise, month);
                self.lanes.run(steps::ChooseRows { out, when, then, otherwise });
            }
            Step::Latch { out, when, lapse, unmet } => {
                let (held, others) = self.rows.split(out);
                let when = others.arg(when, month);
                self.lanes.run(steps::LatchRow { held, when, t: t as usize, lapse, unmet });
            }
            // At as-of a value is its own past.
            Step::Lag { out, of, .. } if t == 0 => self.set(out, of, t),
            Step::Lag { out, ring, months, .. } => self.set(out, Place::Row(ring.row(t, months)), t),
            Step::Rise { out, of, ring } => self.rise(out, of, ring.row(t, 1), t),
            Step::Curve { out, curve } => {
                self.rows.row_mut(out).fill(plan.program.curves[curve.at()][t as usize]);
            }
            Step::Overlay { out, held } => self.overlay(out, held, t),
            Step::Due(due) if t > 0 => self.due(due, t),
            Step::Product(product) if t > 0 => self.product(product, t),
            Step::Charges { first, count } if t > 0 => {
                self.charges(&plan.tape.charges[first..first + count], t);
            }
            Step::Due(_) | Step::Product(_) | Step::Charges { .. } => {}
        }
    }

    /// Applies an overlay in its months, in the worlds in which it holds.
    pub fn overlay(&mut self, row: usize, held: Held, t: u32) {
        if !held.holds(t) {
            return;
        }
        match held.world {
            None => steps::overlay(self.lanes, self.rows.row_mut(row), held.overlay.change),
            Some(world) => {
                let cell = self.rows.cell(row, world);
                *cell = crate::logic::changed(held.overlay.change, *cell);
            }
        }
    }

    fn rise(&mut self, out: usize, of: Place, before: usize, t: u32) {
        let month = self.plan.table.month(t);
        let (out, others) = self.rows.split(out);
        if t == 0 {
            out.fill(0.0);
            return;
        }
        let (a, b) = (others.arg(of, month), others.arg(Place::Row(before), month));
        self.lanes.run(steps::Apply { code: Code::Sub, out, a, b });
    }

    fn due(&mut self, due: Due, t: u32) {
        let month = self.plan.table.month(t);
        let is_reading = matches!(self.plan.spec.mode, Mode::Reading(_));
        let is_plain = due.out.is_none() && !due.report && due.ended == [None; 2] && !is_reading;
        if let (true, Place::Row(amount), Some([from, to])) = (is_plain, due.amount, due.post) {
            let (out, into) = self.posts.two(from, to);
            self.lanes.run(steps::DuePost { out, into, amount: self.rows.row(amount) });
            return;
        }
        let row = due.out.unwrap_or(self.plan.layout.spare);
        let (out, others) = self.rows.split(row);
        let amount = others.arg(due.amount, month);
        self.lanes.run(steps::DueRow { out, amount });
        // There is no other path to go on with: the due is left out.
        for infinite in out.iter_mut().filter(|due| is_reading && due.is_infinite()) {
            *infinite = 0.0;
            self.left_out[due.flow.at()] = true;
        }
        if due.report && !self.left_out[due.flow.at()] {
            let stands = |lane: usize| due.ended.iter().flatten().all(|row| others.row(*row)[lane] < 0.5);
            let unknown = |lane: usize| amount.at(lane).is_nan() && stands(lane);
            self.left_out[due.flow.at()] = self.wanted.clone().any(unknown);
        }
        self.post_due(due, row);
    }

    /// What is due where it is a product of rows.
    fn product(&mut self, product: Product, t: u32) {
        let charge = charge(&product, self.plan.table.month(t));
        let row = product.due.out.unwrap_or(self.plan.layout.spare);
        let (out, others) = self.rows.split(row);
        let (x, y) = (others.row(charge.x), charge.y.map(|y| others.row(y)));
        self.lanes.run(ChargeRow { out, charge, x, y });
        self.post_due(product.due, row);
    }

    /// Products that are only posted.
    fn charges(&mut self, products: &[Product], t: u32) {
        let plan = self.plan;
        let month = plan.table.month(t);
        self.charges.clear();
        self.charges.extend(products.iter().map(|product| charge(product, month)));
        let rows = self.rows.first(plan.layout.total);
        let posts = self.posts.first_mut(2 * plan.purses.len());
        self.lanes.run(PostCharges { charges: &self.charges, rows, posts, width: plan.width });
    }

    /// Ends what has ended, and posts the rest.
    fn post_due(&mut self, due: Due, row: usize) {
        let (out, others) = self.rows.split(row);
        for ended in due.ended.into_iter().flatten() {
            if self.gone[ended] {
                let ended = others.row(ended);
                self.lanes.run(steps::EndRow { out, ended });
            }
        }
        if let Some([from, to]) = due.post {
            let (out, into) = self.posts.two(from, to);
            self.lanes.run(steps::Post { out, into, amount: Arg::Many(self.rows.row(row)) });
        }
    }

    /// Registers that are looked back at are remembered.
    pub fn remember(&mut self, t: u32) {
        let plan = self.plan;
        for (at, ring) in plan.layout.rings.iter().enumerate() {
            let Some(ring) = *ring else { continue };
            let place = plan.tape.registers[at].expect("what is looked back at is computed");
            if t == 0 {
                (0..ring.length).for_each(|month| self.set(ring.first + month, place, t));
            } else {
                self.set(ring.row(t, 0), place, t);
            }
        }
    }
}

/// A product with the numbers of a month.
fn charge(product: &Product, month: &[f64]) -> Charge {
    let number = |place: Place| match place {
        Place::Fixed(value) => value,
        Place::Month(column) => month[column],
        Place::Row(_) => unreachable!("only the levels are rows"),
    };
    Charge {
        a: number(product.left.0),
        x: product.left.1,
        b: product.right.map_or(1.0, |right| number(right.0)),
        y: product.right.map(|right| right.1),
        floor: number(product.floor),
        scale: number(product.scale),
        post: product.due.post.unwrap_or_default(),
    }
}
