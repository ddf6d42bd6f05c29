//! The tables of `sensitivity`.

use keiretsu_values::{ColumnSpec, TableSpec};

use super::NAME;

pub(super) const TORNADO: TableSpec = TableSpec::new(
    NAME,
    "tornado",
    "One at a time: what each input alone does to the answer (a local picture)",
    &[&[
        ColumnSpec::text("answer", "the watched answer, in the words of the model"),
        ColumnSpec::text("input", "the figure, factor or chance that is moved"),
        ColumnSpec::text("words", "its words in the text").minor(),
        ColumnSpec::text("why", "why it is uncertain"),
        ColumnSpec::multiple("low", "its lower end as a multiple of its base").minor().titled("low, x base"),
        ColumnSpec::multiple("high", "its upper end as a multiple of its base")
            .minor()
            .titled("high, x base"),
        ColumnSpec::unit(),
        ColumnSpec::measured("at_low", "the answer with the input at its lower end").titled("answer at low"),
        ColumnSpec::measured("at_base", "the answer with every input at its base").titled("at base"),
        ColumnSpec::measured("at_high", "the answer with the input at its upper end").titled("at high"),
    ]],
)
.filled_by("figures with a range, and factors with a `volatility`")
.of_each("input");

pub(super) const EFFECTS: TableSpec = TableSpec::new(
    NAME,
    "effects",
    "Shapley effects: shares of the variance where inputs hang together",
    &[&[
        ColumnSpec::text("answer", "the watched answer, in the words of the model"),
        ColumnSpec::text("input", "the figure, factor or chance that is moved"),
        ColumnSpec::text("why", "why it is uncertain"),
        ColumnSpec::share("effect", "its share of the answer's variance, correlations counted"),
    ]],
)
.filled_by("figures with a range, and factors with a `volatility`")
.of_each("input");

pub(super) const VARIANCE: TableSpec = TableSpec::new(
    NAME,
    "variance",
    "Shares of the variance of the answer (Sobol), figures drawn independently",
    &[&[
        ColumnSpec::text("answer", "the watched answer, in the words of the model"),
        ColumnSpec::text("input", "the figure that is drawn"),
        ColumnSpec::text("why", "why it is uncertain"),
        ColumnSpec::share("first", "its share of the answer's variance by itself").titled("alone"),
        ColumnSpec::share("total", "its share with all its interactions").titled("with interactions"),
    ]],
)
.filled_by("figures with a range, and factors with a `volatility`")
.of_each("input");
