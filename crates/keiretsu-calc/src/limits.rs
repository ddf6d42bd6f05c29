//! Limits of methods. Input beyond one is refused with a message.
//!
//! Absent: the size of a file, which the face that reads it limits.

/// The most parties of `circularity`: beyond, matrices of them do not fit.
pub const CIRCULARITY_PARTIES_MAX: usize = 3_000;
/// The most pairs that pay times payments, of `circularity`; a minute or two.
pub const CIRCULARITY_WORK_MAX: usize = 1_000_000_000;
/// The same where payments have months.
pub const CIRCULARITY_DATED_WORK_MAX: usize = 50_000_000;
/// The most organisations of `crossholdings`: 6,000³/3 operations.
pub const ORGANISATIONS_MAX: usize = 6_000;
/// The most days with flows of `irr`, where their sign changes more than once; some ten seconds.
pub const IRR_DAYS_MAX: usize = 25_000;
/// Brackets within brackets of an expression.
pub const EXPRESSION_DEPTH_MAX: usize = 64;

/// Each limit: the quantity, the maximum, and the reason.
pub const ALL: [(&str, usize, &str); 6] = [
    ("parties of `calc circularity`", CIRCULARITY_PARTIES_MAX, "matrices of them"),
    ("`calc circularity`: pairs that pay x payments", CIRCULARITY_WORK_MAX, "a greatest flow for each pair"),
    (
        "`calc circularity` with months: the same",
        CIRCULARITY_DATED_WORK_MAX,
        "a flow through time for each pair",
    ),
    ("organisations of `calc crossholdings`", ORGANISATIONS_MAX, "matrices of them"),
    (
        "`calc irr`: days with flows, if signs change twice or more",
        IRR_DAYS_MAX,
        "all rates are proved to be found",
    ),
    ("depth of an expression of `calc`", EXPRESSION_DEPTH_MAX, "it is read with the stack"),
];
