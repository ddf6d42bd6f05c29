//! The tables of `debt_service`.

use keiretsu_values::{ColumnSpec, TableSpec, Unit};

use super::NAME;

const BORROWER: ColumnSpec = ColumnSpec::party("party", "the group that borrows").titled("borrower");
const TIME: ColumnSpec = ColumnSpec::period("time", "the calendar year or month, as far as it is run");

const DUE: &str = "sum of what falls due of this kind";

const CONTRACTED: ColumnSpec = ColumnSpec::money(
    "contracted",
    "what contracts bring: service, rent, building, shares of revenue, fees, \
         calls of guarantees, and what others pay back with interest",
)
.by("sum of what falls due to it under contracts, draws and capital apart");

pub(super) const BY_PERIOD: TableSpec = TableSpec::new(
    NAME,
    "by_period",
    "Debt service",
    &[&[
        BORROWER,
        ColumnSpec::reading(),
        TIME,
        CONTRACTED,
        ColumnSpec::money("interest", "interest that falls due").by(DUE),
        ColumnSpec::money("principal", "principal that falls due, at maturity too").by(DUE),
        ColumnSpec::money("fees", "fees of loans that fall due").by(DUE).when_filled(),
        ColumnSpec::money("service", "what its debts make due")
            .titled("debt service")
            .is("{interest} + {principal} + {fees}"),
        ColumnSpec::multiple("dscr", "debt service cover ratio: what contracts bring for each unit of it")
            .titled("DSCR")
            .is("{contracted} / {service}"),
        ColumnSpec::money("rent", "rent of leases that falls due").by(DUE),
        ColumnSpec::multiple("fixed_charge_cover", "what contracts bring for each unit of service and rent")
            .titled("fixed-charge cover")
            .is("{contracted} / ({service} + {rent})"),
        ColumnSpec::money("paid", "what other contracts cost: service, shares of revenue, fees, calls")
            .titled("other contracts")
            .by("sum of what falls due from it under contracts; debt, rent, building and capital apart"),
        ColumnSpec::money("revenue", "revenue from outside the web, a forecast")
            .titled("revenue, forecast")
            .by(DUE)
            .when_filled(),
        ColumnSpec::money("costs", "costs to outside the web, a forecast")
            .titled("costs, forecast")
            .by(DUE)
            .when_filled(),
        ColumnSpec::money("cfads", "cash flow available for debt service, with forecasts")
            .titled("CFADS, with forecasts")
            .by("{contracted} + {revenue} - {costs} - {paid} - {rent}, where a forecast is stated")
            .when_filled(),
        ColumnSpec::multiple("dscr_forecast", "CFADS for each unit of debt service")
            .titled("DSCR, with forecasts")
            .is("{cfads} / {service}")
            .when_filled(),
    ]],
)
.filled_by("loans: `[contracts.NAME]` with `type = \"loan\"`")
.of_each("borrower")
.at_a_glance("time", "dscr");

pub(super) const COVER: TableSpec = TableSpec::new(
    NAME,
    "cover",
    "Cover of debt service",
    &[&[
        BORROWER,
        ColumnSpec::reading(),
        ColumnSpec::multiple("dscr_min", "the lowest DSCR of all periods with debt service")
            .titled("lowest DSCR")
            .by("least of {contracted} / {service} over the periods of `by_period`"),
        ColumnSpec::period("dscr_min_in", "the period of the lowest DSCR; none where that is not known")
            .titled("in"),
        ColumnSpec::multiple("dscr_average", "the mean DSCR of all periods with debt service")
            .titled("average DSCR")
            .by("mean of {contracted} / {service} over the periods of `by_period`, each counted once")
            .minor(),
        ColumnSpec::multiple("fixed_charge_cover_min", "the lowest fixed-charge cover")
            .titled("lowest fixed-charge cover")
            .by("least of {contracted} / ({service} + {rent}) over the periods of `by_period`")
            .minor(),
        ColumnSpec::multiple("dscr_forecast_min", "the lowest DSCR with forecasts")
            .titled("lowest DSCR, with forecasts")
            .by("least of {cfads} / {service} over the periods of `by_period`")
            .when_filled()
            .minor(),
        ColumnSpec::money("outstanding", "what is outstanding at as-of").by("sum over its loans"),
        ColumnSpec::multiple("llcr", "loan life cover ratio")
            .titled("LLCR")
            .by("present value of what contracts bring until the last maturity / {outstanding}")
            .when_filled(),
        ColumnSpec::multiple("plcr", "project life cover ratio")
            .titled("PLCR")
            .by("present value of all that contracts bring within the run / {outstanding}")
            .when_filled()
            .minor(),
        ColumnSpec::money("value", "what it is worth with its debt: equity value at as-of and debt")
            .titled("value, with debt")
            .by("equity value at as-of + {outstanding}")
            .when_filled()
            .minor(),
        ColumnSpec::share("ltv", "loan to value: its debts as a share of what it is worth with them")
            .titled("LTV")
            .is("{outstanding} / {value}")
            .when_filled(),
        ColumnSpec::date("maturity", "the last day on which one of its debts falls due")
            .titled("last maturity"),
        ColumnSpec::date("contracts_end", "the last day on which a contract makes something due to it")
            .titled("contracts end")
            .minor(),
        TAIL,
        ColumnSpec::money("after_run", "principal that falls due after the run, or that nothing dates")
            .titled("principal after the run")
            .by("sum of what is still to be paid back as worded, less what falls due within the run")
            .when_filled()
            .minor(),
        ColumnSpec::money("expected_loss", "what its lenders lose by the stated chance")
            .by("sum over its loans of chance * loss given default")
            .when_filled(),
    ]],
)
.filled_by("loans: `[contracts.NAME]` with `type = \"loan\"`")
.of_each("borrower")
.by_size("outstanding")
.unfolded();

const TAIL: ColumnSpec = ColumnSpec::number(
    "tail",
    Unit::Months,
    "months by which contracts outlive the debt; below zero they end first",
)
.by("months from {maturity} to {contracts_end}");

pub(super) const RECEIPTS: TableSpec = TableSpec::new(
    NAME,
    "receipts",
    "What contracts bring to borrowers",
    &[&[
        BORROWER,
        ColumnSpec::party("counterparty", "the group that pays"),
        ColumnSpec::contract("the contract under which it pays"),
        ColumnSpec::text("kind", "for what it pays: service, rent, capex and so on"),
        ColumnSpec::reading(),
        TIME,
        ColumnSpec::money("amount", "what falls due").by("sum of what falls due in the period"),
    ]],
)
.filled_by("contracts that pay a party with a `loan`")
.of_each("receipt")
.at_a_glance("time", "amount");

pub(super) const LOANS: TableSpec = TableSpec::new(
    NAME,
    "loans",
    "Loans against contracts, collateral and default",
    &[&[
        BORROWER,
        ColumnSpec::contract("the loan, or the note"),
        ColumnSpec::party("lender", "the group that lends"),
        ColumnSpec::reading(),
        ColumnSpec::money("outstanding", "what is outstanding at as-of")
            .by("as stated, else as its terms leave it"),
        ColumnSpec::date("maturity", "when all of it is due; none where nothing says it"),
        ColumnSpec::date(
            "contracts_end",
            "the last day on which a contract makes something due to the borrower",
        )
        .titled("contracts end")
        .minor(),
        TAIL,
        ColumnSpec::money("collateral", "what its collateral is worth")
            .by("as its words or formula say")
            .when_filled()
            .minor(),
        ColumnSpec::date("valued_on", "the day of that worth").when_filled().minor(),
        ColumnSpec::text("valued_as", "a mark, or as modelled").when_filled().minor(),
        ColumnSpec::share("ltv", "loan to value")
            .titled("LTV")
            .is("{outstanding} / {collateral}")
            .when_filled(),
        ColumnSpec::share("chance", "the stated chance that the borrower fails")
            .titled("chance of default")
            .when_filled()
            .minor(),
        ColumnSpec::text("chance_span", "the time for which the chance holds")
            .titled("over")
            .when_filled()
            .minor(),
        ColumnSpec::money("recovered", "what is then got back")
            .by("stated share * {outstanding}, else {collateral} up to it")
            .when_filled()
            .minor(),
        ColumnSpec::money("loss_given_default", "what is lost if the borrower fails")
            .is("{outstanding} - {recovered}")
            .when_filled()
            .minor(),
        ColumnSpec::money("expected_loss", "what is lost by that chance")
            .is("{chance} * {loss_given_default}")
            .when_filled(),
    ]],
)
.filled_by("loans: `[contracts.NAME]` with `type = \"loan\"`")
.of_each("loan")
.by_size("outstanding")
.unfolded();

pub(super) const MATURITIES: TableSpec = TableSpec::new(
    NAME,
    "maturities",
    "Principal that falls due, and what cash there is",
    &[&[
        BORROWER,
        ColumnSpec::reading(),
        TIME,
        ColumnSpec::money("principal", "principal that falls due").by(DUE),
        ColumnSpec::money("cash", "cash at the beginning of the period")
            .titled("cash before")
            .by("cash at as-of + the net of every month until then, after clearing and raising"),
        ColumnSpec::money(
            "brought",
            "what the period brings before principal, with the forecasts that there are",
        )
        .titled("brought before principal")
        .by("contracted + revenue - costs - other contracts - rent - interest - fees, as in `by_period`"),
        ColumnSpec::money("to_refinance", "principal that neither cash nor the period covers")
            .by("max(0, {principal} - {cash} - {brought})"),
    ]],
)
.filled_by("`loan` contracts with a `maturity` in the run")
.of_each("period");
