//! Network valuation against reference cases, and its properties.

use crate::common::{cases, numbers};
use keiretsu_methods::clearing::{Debt, Network, OUTSIDE, clear};
use keiretsu_methods::debtrank::CreditExposure;
use keiretsu_methods::network::{BalanceSheet, OutsideDebt, Valuation, ValuationError, value_network};
use proptest::prelude::*;
use serde_json::Value;

/// The ring of the neva package: each of three banks holds 0.5 on the next.
fn ring() -> [CreditExposure; 3] {
    [0, 1, 2].map(|creditor| CreditExposure { creditor, debtor: (creditor + 1) % 3, amount: 0.5 })
}

fn valuation(case: &Value, party: usize) -> Valuation {
    let recovery = || numbers(&case["kw"]["recovery_rate"])[party];
    let sigma = || numbers(&case["sigma_asset"])[party];
    match case["method"].as_str().expect("a method") {
        "linear_dr" => Valuation::LinearDebtRank { equity_before: numbers(&case["equity0"])[party] },
        "eisenberg_noe" => Valuation::EisenbergNoe,
        "furfine" => Valuation::Furfine { recovery: recovery() },
        "exante_en_merton_gbm" => Valuation::Merton { sigma: sigma(), recovery: recovery() },
        "exante_furfine_merton_gbm" => Valuation::MertonFurfine { sigma: sigma(), recovery: recovery() },
        "exante_en_blackcox_gbm" => Valuation::BlackCox { sigma: sigma(), recovery: recovery() },
        other => panic!("nothing values `{other}`"),
    }
}

#[test]
fn reference_cases_agree() {
    let all = cases("neva");
    for case in all["cases"].as_array().expect("cases") {
        let shock = case["shock_fraction_of_equity"].as_f64().expect("a shock");
        let sheets: Vec<BalanceSheet> = (0..3)
            .map(|party| BalanceSheet {
                // The package shocks equity only; outside assets fall by the same money in its valuations.
                assets: [10.0, 5.0, 3.0][party] - shock,
                debts: [9.0, 4.0, 2.0][party],
                valuation: valuation(case, party),
            })
            .collect();
        let found = value_network(&sheets, &ring(), OutsideDebt::Equal, |_| ()).expect("equities");
        let what = format!("{} {shock}", case["method"]);
        for (got, want) in found.equity_first.iter().zip(numbers(&case["first_round"])) {
            assert!((got - want).abs() <= 1e-12, "{what} first round: {got} {want}");
        }
        for (got, want) in found.equity.iter().zip(numbers(&case["final"])) {
            assert!((got - want).abs() <= 1e-12, "{what}: {got} {want}");
        }
        assert!(found.residual <= 1e-15, "{what}: residual {}", found.residual);
    }
}

#[test]
fn senseless_sheets_are_refused() {
    let sheet = |assets, valuation| BalanceSheet { assets, debts: 1.0, valuation };
    let error = |sheet: BalanceSheet, claims: &[CreditExposure]| {
        value_network(&[sheet], claims, OutsideDebt::Senior, |_| ()).err()
    };
    let plain = sheet(1.0, Valuation::EisenbergNoe);
    assert_eq!(error(sheet(-1.0, Valuation::EisenbergNoe), &[]), Some(ValuationError::NotAnAmount));
    assert_eq!(
        error(sheet(1.0, Valuation::Furfine { recovery: 2.0 }), &[]),
        Some(ValuationError::NotAnAmount)
    );
    let merton = |sigma| Valuation::Merton { sigma, recovery: 1.0 };
    assert_eq!(error(sheet(1.0, merton(0.0)), &[]), Some(ValuationError::NotPositive));
    assert_eq!(error(sheet(0.0, merton(0.1)), &[]), Some(ValuationError::NotPositive));
    let claim = |creditor, debtor| [CreditExposure { creditor, debtor, amount: 1.0 }];
    assert_eq!(error(plain, &claim(0, 1)), Some(ValuationError::NoSuchParty));
    assert_eq!(error(plain, &claim(0, 0)), Some(ValuationError::SelfExposure));
}

proptest! {
    /// With equal outside debt, NEVA's Eisenberg-Noe equity is the surplus of clearing.
    #[test]
    fn agrees_with_clearing(
        amounts in prop::collection::vec(prop_oneof![Just(0.0), 0.0..3.0_f64], 25),
        assets in prop::collection::vec(0.5..9.0_f64, 5),
        debts in prop::collection::vec(0.1..8.0_f64, 5),
    ) {
        let mut claims = Vec::new();
        let mut owed = Vec::new();
        for (k, amount) in amounts.iter().enumerate().filter(|(k, _)| k / 5 != k % 5) {
            let (debtor, creditor) = ((k / 5) as u32, (k % 5) as u32);
            claims.push(CreditExposure { creditor, debtor, amount: *amount });
            owed.push(Debt { debtor, creditor, rank: 0, amount: *amount });
        }
        for (debtor, amount) in debts.iter().enumerate() {
            owed.push(Debt { debtor: debtor as u32, creditor: OUTSIDE, rank: 0, amount: *amount });
        }
        let sheets: Vec<BalanceSheet> = assets.iter().zip(&debts)
            .map(|(a, d)| BalanceSheet { assets: *a, debts: *d, valuation: Valuation::EisenbergNoe })
            .collect();
        let valued = value_network(&sheets, &claims, OutsideDebt::Equal, |_| ()).expect("equities");
        let network = Network::new(5, &owed, &[]).expect("a network");
        let cleared = clear(&network, &assets, &[]).expect("payments");
        for (a, b) in valued.equity.iter().zip(&cleared.surplus) {
            prop_assert!((a - b).abs() <= 1e-9, "{} {}", a, b);
        }
    }

    /// Volatility lowers the value of claims, first passage lowers it further.
    #[test]
    fn risk_before_maturity_orders_values(sigma in 0.01..0.8_f64, recovery in 0.0..1.0_f64) {
        let equity = |valuation| {
            let sheets = [10.0, 5.0, 3.0].map(|a| BalanceSheet { assets: a, debts: a - 1.0, valuation });
            value_network(&sheets, &ring(), OutsideDebt::Equal, |_| ()).expect("equities").equity[0]
        };
        let (merton, first) =
            (Valuation::MertonFurfine { sigma, recovery }, Valuation::BlackCox { sigma, recovery });
        prop_assert!(equity(first) <= equity(merton) + 1e-12);
        prop_assert!(equity(merton) <= equity(Valuation::EisenbergNoe) + 1e-12);
    }
}
