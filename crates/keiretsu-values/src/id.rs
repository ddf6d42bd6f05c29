//! Positions in lists: a type for each list, so that none is taken for another.

/// Declares types of positions.
///
/// ```
/// keiretsu_values::ids! {
///     /// Position in a list of parties.
///     PartyId,
/// }
/// assert_eq!(PartyId(2).at(), 2);
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into its list.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
