//! The bytes of a run specification, and of what a run could not read: their types, field by field.

use super::{Sent, Wire, WireError, wire_enum, wire_struct};
use crate::{
    Change, ExposureSpec, Mode, Overlay, OwnMoney, Paths, Probe, Quantity, Reading, RunSpec, Span, Target,
    Unread,
};

impl Sent for RunSpec {
    const MAGIC: &'static [u8; 8] = b"KEIR-RUN";
    const NAME: &'static str = "run";
    const VERSION: u32 = 1;

    /// Whether a program has what a run names is seen before the run.
    fn check(&self) -> Result<(), WireError> {
        Ok(())
    }
}

wire_struct! {
    RunSpec {
        mode, overlays, probes, own_money, convention, quantiles, tails, exposures, possible,
    }
    ExposureSpec { parts, less, debtor }
    Paths { seed, first, count, exact_limit }
    Overlay { target, change, from, until }
    Probe { quantity, span }
}

wire_enum! {
    Unread { 0 Grant { 0 pool }, 1 Recovery { 0 party }, 2 Claim { 0 claim }, 3 Cover { 0 cover } }
    Mode { 0 Reading { 0 reading }, 1 Paths { 0 paths } }
    Reading { 0 Firm {}, 1 Expected {}, 2 Headline {} }
    OwnMoney { 0 ProRata {}, 1 Fifo {}, 2 Lifo {} }
    Target {
        0 Slot { 0 id }, 1 Factor { 0 id }, 2 Event { 0 id }, 3 Register { 0 reg }, 4 Default { 0 party },
    }
    Change { 0 Set { 0 value }, 1 Scale { 0 value }, 2 Shift { 0 value } }
    Span { 0 Month {}, 1 Year {}, 2 Whole {}, 3 Quarter {} }
    Quantity {
        0 Due { 0 flow }, 1 Payment { 0 flow }, 2 Net { 0 party }, 3 Cash { 0 party }, 4 Raised { 0 party },
        5 Defaulted { 0 party }, 6 Shortfall { 0 party }, 7 Factor { 0 factor }, 8 Register { 0 reg },
        9 Value { 0 party }, 10 Holding { 0 holding }, 11 Stake { 0 holding }, 12 CreditsUsed { 0 pool },
        13 CreditsExpired { 0 pool }, 14 CreditsLeft { 0 pool }, 15 Drawn { 0 cover },
        16 OwnReceipts { group group, party party }, 17 Exposure { 0 at }, 18 ExposureAtDefault { 0 at },
    }
}
