//! `keiretsu calc choice`: observed choices to the weights that choosers give to visible attributes.

mod affiliation;
mod columns;
mod data;

use keiretsu_methods::choice::{
    ChoiceError, Choices, Count, FEW, Fit, SmallSample, TENANTS_MIN, counted, covariance_robust, fit,
    p_value, p_value_of_t, standard_errors, utility_spread,
};
use keiretsu_values::{Cell, Column, Table, Unit, Value};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::{CalcError, Method, Opt, Request};
use affiliation::Affiliation;
use data::Data;

pub static METHOD: Method = Method {
    name: "choice",
    summary: "What choosers weigh, and whether they are steered to affiliated alternatives",
    help: r#"Fits a conditional logit (McFadden 1974) to observed choices: each attribute gets the weight with which the choices are most likely. With --affiliated it tests self-preference: whether affiliated alternatives are chosen more often than their attributes explain.

CSV in, one row for each alternative of each choice, any separator: by default the columns headed choice, alternative and chosen, else the first three, say which rows belong together, what could be chosen, and whether it was (1 or 0); all others are attributes.
Attributes are columns, or formulas of columns and of alternatives' names: hinc*air is hinc where the alternative is air. --alternatives gives names to codes: 1=air,2=train. --constants car gives every alternative but car a weight of its own. --cluster takes a column or a formula, floor((individual-1)/7).

JSON out: {"coefficients": [{"name", "estimate", "se", "robust_se", "z", "p"}], "log_likelihood", "odds_ratio", "equivalent_price", "unseen_quality_to_explain", "affiliation", "notes"?}. `robust_se` (then also z and p) allows for choices of one cluster being alike; p is then that of t with as many degrees of freedom as there are clusters of like size, less one. With --affiliated: {"estimate", "low", "high", "p", "degrees"} of its weight, with errors two-way by cluster and by alternative, as in `measure neutrality`; the factor by which affiliation multiplies the odds; the price cut that would have the same effect (the attribute `price`, or --price); and how many standard deviations of everything else that was seen an unseen advantage in quality would have to be worth to explain it. What is not asked for is null."#,
    example: "\
Examples:
  keiretsu calc choice shown.csv --affiliated own --cluster user
  keiretsu calc choice travel.csv --alternatives 1=air,2=train,3=bus,4=car \\
      --attributes gc,ttme,air,hinc*air,train,bus --cluster 'floor((individual-1)/7)'",
    options: &[
        Opt::new("choice", "COLUMN", "Which rows belong together [default: the first column]"),
        Opt::new("alternative", "COLUMN", "What could be chosen [default: the second column]"),
        Opt::new("chosen", "COLUMN", "1 where it was chosen, else 0 [default: the third column]"),
        Opt::new("attributes", "LIST", "Columns and formulas, between commas [default: all other columns]"),
        Opt::new("interactions", "LIST", "More formulas, such as hinc*air, beside the attributes"),
        Opt::new("alternatives", "LIST", "Names for alternatives: 1=air,2=train"),
        Opt::new("constants", "BASE", "A weight of its own for each alternative but this one"),
        Opt::new("cluster", "COLUMN", "Choices that may be alike: a column or a formula"),
        Opt::flag("small-sample", "Widen robust errors by G / (G - 1), G clusters (CR1)"),
        Opt::new("affiliated", "COLUMN", "1 where the alternative belongs to who shows it, else 0"),
        Opt::new("price", "COLUMN", "The attribute in which affiliation is priced [default: price]"),
        Opt::new("delimiter", "SIGN", "What separates cells [default: found out]"),
    ],
    run,
};

#[derive(Serialize)]
struct Weighed {
    coefficients: Vec<Coefficient>,
    log_likelihood: f64,
    odds_ratio: Option<f64>,
    equivalent_price: Option<f64>,
    unseen_quality_to_explain: Option<f64>,
    affiliation: Option<Affiliation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(skip)]
    about: String,
}

#[derive(Serialize)]
struct Coefficient {
    name: String,
    estimate: f64,
    se: f64,
    robust_se: Option<f64>,
    z: f64,
    /// None where clusters count as too few.
    p: Option<f64>,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let data = data::read(request, &faults);
    faults.none()?;
    let data = data.unwrap_or_default();
    weigh(&data)
        .map(|weighed| Box::new(weighed) as Box<dyn MethodAnswer>)
        .map_err(|error| refusal(error, &data))
}

fn refusal(error: ChoiceError, data: &Data) -> CalcError {
    let names = data.names.join(", ");
    match error {
        ChoiceError::NotIdentified => CalcError::no_answer(
            format!("some of {names} is the same for all alternatives of a choice, or a sum of others"),
            "leave it out, or let it interact with an alternative: hinc*air",
        ),
        ChoiceError::Separated => CalcError::no_answer(
            format!("some combination of {names} tells every choice, so that weights have no end"),
            "leave out attributes, or add choices",
        ),
        ChoiceError::TooFewClusters => CalcError::no_answer(
            "there are fewer than two clusters, or alternatives",
            "name another column with --cluster",
        ),
        _ => CalcError::no_answer("the attributes are too large", "use larger units"),
    }
}

fn weigh(data: &Data) -> Result<Weighed, ChoiceError> {
    let choices = Choices {
        features: &data.features,
        features_count: data.names.len(),
        starts: &data.starts,
        chosen: &data.chosen,
    };
    let found = fit(&choices)?;
    let count = data.names.len();
    let plain = standard_errors(&found.covariance, count);
    let small_sample = if data.small_sample { SmallSample::Cr1 } else { SmallSample::None };
    let robust = match &data.clusters {
        Some(clusters) => {
            Some(standard_errors(&covariance_robust(&choices, &found, clusters, small_sample)?, count))
        }
        None => None,
    };
    let clusters = data.clusters.as_ref().map(|clusters| counted(clusters));
    let chance = |z: f64| match clusters {
        None => Some(p_value(z)),
        Some(Count { effective, .. }) if effective < TENANTS_MIN => None,
        Some(Count { effective, .. }) => Some(p_value_of_t(z, effective - 1.0)),
    };
    let coefficient = |(k, name): (usize, &String)| {
        let robust_se = robust.as_ref().map(|errors| errors[k]);
        let z = found.weights[k] / robust_se.unwrap_or(plain[k]);
        Coefficient {
            name: name.clone(),
            estimate: found.weights[k],
            se: plain[k],
            robust_se,
            z,
            p: chance(z),
        }
    };
    let affiliation = data.affiliated.map(|k| Affiliation::new(&choices, &found, k, data)).transpose()?;
    let mut notes = Vec::new();
    notes.extend(clusters.and_then(few_clusters));
    notes.extend(affiliation.iter().flat_map(|affiliation| affiliation.notes(data)));
    Ok(Weighed {
        coefficients: data.names.iter().enumerate().map(coefficient).collect(),
        log_likelihood: found.log_likelihood,
        odds_ratio: data.affiliated.and_then(|k| found.odds_ratio(k)),
        equivalent_price: data.affiliated.zip(data.price).and_then(|(k, price)| found.worth(k, price)),
        unseen_quality_to_explain: data.affiliated.and_then(|k| unseen(&choices, &found, k)),
        affiliation,
        notes,
        about: about(data),
    })
}

fn few_clusters(Count { number, effective }: Count) -> Option<String> {
    let counts = format!("{number} clusters count as {effective:.1} of like size");
    if FEW as f64 <= effective * (1.0 + 1e-12) {
        None
    } else if effective < TENANTS_MIN {
        Some(format!("{counts}: too few to say how much clusters vary, so no chance is given"))
    } else {
        Some(format!("{counts}: normal intervals would be too narrow, so chances are those of t"))
    }
}

/// The weight of affiliation in standard deviations of the utility of all else that was seen.
fn unseen(choices: &Choices<'_>, found: &Fit, affiliated: usize) -> Option<f64> {
    let spread = utility_spread(choices, found, &[affiliated])?;
    Some(found.weights.get(affiliated)?.abs() / spread)
}

fn about(data: &Data) -> String {
    let (rows, choices) = (data.starts.last().copied().unwrap_or(0), data.chosen.len());
    let clusters = data.clusters.as_ref().map(|clusters| clusters.iter().max().map_or(0, |last| last + 1));
    let clusters = clusters.map_or(String::new(), |clusters| format!(" in {clusters} clusters"));
    format!("{choices} choices{clusters} among {rows} alternatives in all")
}

impl Tabular for Weighed {
    fn tables(&self) -> Vec<Table> {
        let number = |key, title| Column::number(key, Unit::Number { digits: 4 }).titled(title);
        let columns = vec![
            Column::text("name"),
            number("estimate", "weight"),
            number("se", "standard error"),
            number("robust_se", "robust error"),
            number("z", "z"),
            number("p", "p"),
        ];
        let mut table = Table::new("choice", "What choosers weigh", columns);
        for one in &self.coefficients {
            let robust = one.robust_se.map_or(Cell::Empty, Cell::exact);
            let numbers = [one.estimate, one.se].map(Cell::exact);
            let mut row = vec![Cell::text(&one.name)];
            row.extend(numbers);
            let p = one.p.map_or_else(|| Cell::Value(Value::unknown("too few clusters")), Cell::exact);
            row.extend([robust, Cell::exact(one.z), p]);
            table.push(row);
        }
        table.note(format!("{}; log likelihood {:.4}", self.about, self.log_likelihood));
        let Some(affiliation) = &self.affiliation else {
            self.notes.iter().for_each(|note| table.note(note));
            return vec![table];
        };
        let mut answers = Table::new(
            "choice_affiliation",
            "What affiliation does",
            vec![Column::text("what"), Column::number("value", Unit::Number { digits: 4 })],
        );
        let mut row = |what: &str, value: Option<f64>, why: &str| {
            let value = value.map_or_else(|| Value::unknown(why), Value::exact);
            answers.push(vec![Cell::text(what), Cell::Value(value)]);
        };
        row("multiplies the odds of being chosen by", self.odds_ratio, "");
        row("is worth a price lower by", self.equivalent_price, "there is no price");
        row(
            "unseen quality that would explain it, in standard deviations of what was seen",
            self.unseen_quality_to_explain,
            "nothing else was seen",
        );
        let why = affiliation.why_unknown();
        row("weight", Some(affiliation.estimate), "");
        row("weight, 95% from", affiliation.low, why);
        row("weight, 95% to", affiliation.high, why);
        row("chance of so much without any", affiliation.p, why);
        self.notes.iter().for_each(|note| answers.note(note));
        vec![table, answers]
    }
}
