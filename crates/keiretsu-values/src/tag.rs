//! Tags: the purpose of a flow.

/// The purpose of a flow. Tables group by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// Revenue of a party from outside the web.
    Revenue,
    /// Costs of a party to outside the web.
    Costs,
    /// Capital for units of the issuer.
    Equity,
    /// Purchases of service: compute, licences.
    Service,
    /// Building and equipment.
    Capex,
    /// A share of revenue.
    RevenueShare,
    /// Interest on a debt.
    Interest,
    /// Drawing or repaying a debt.
    Principal,
    /// Rent of a lease.
    Rent,
    /// Fees for guarantees and commitments.
    Fee,
    /// A guarantor's payment for another party.
    Guarantee,
    /// Money raised from outside when cash ran short.
    Raise,
    /// Receipts of the estate of a defaulted party, and its payments to creditors and owners.
    Estate,
}

impl Tag {
    /// All tags, in the order in which tables print them.
    pub const ALL: [Self; 13] = [
        Self::Revenue,
        Self::Costs,
        Self::Equity,
        Self::Service,
        Self::Capex,
        Self::RevenueShare,
        Self::Interest,
        Self::Principal,
        Self::Rent,
        Self::Fee,
        Self::Guarantee,
        Self::Raise,
        Self::Estate,
    ];

    /// Its name in tables and in `keiretsu program`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Costs => "costs",
            Self::Equity => "equity",
            Self::Service => "service",
            Self::Capex => "capex",
            Self::RevenueShare => "revenue share",
            Self::Interest => "interest",
            Self::Principal => "principal",
            Self::Rent => "rent",
            Self::Fee => "fee",
            Self::Guarantee => "guarantee",
            Self::Raise => "raise",
            Self::Estate => "estate",
        }
    }
}
