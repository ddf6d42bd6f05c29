//! All contracts of a text to rows of dues: each by its type, then what holds between contracts.
//!
//! Absent: guarantees that are called, since nobody fails here.

use super::dues::{Row, Standing};
use super::world::{Contract, Refused, World};
use super::{capex, contingent, convertible, credits, equity, lease, loan, sharing, supply};

/// The rows of all contracts.
pub fn rows(world: &World) -> Result<Vec<Row>, Refused> {
    let mut rows = vec![];
    for contract in &world.contracts {
        let mut own = of_contract(contract, world).map_err(|why| format!("{}: {why}", contract.name))?;
        if is_gone(contract, world, 0) {
            for row in &mut own {
                row.standing = Standing::Gone;
            }
        }
        rows.extend(own);
    }
    for contract in world.contracts.iter().filter(|contract| contract.kind == "credits") {
        if !is_gone(contract, world, 0) {
            credits::settle(contract, &mut rows, world)?;
        }
    }
    Ok(rows)
}

fn of_contract(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    match contract.kind.as_str() {
        "equity" => equity::rows(contract, contract.must("investor")?, contract.must("issuer")?, world),
        "supply" => supply::rows(contract, world),
        "capex" => capex::rows(contract, world),
        "convertible" => convertible::rows(contract, world),
        "loan" => loan::rows(contract, world),
        "lease" => lease::rows(contract, world),
        "revenue_share" => sharing::rows(contract, world),
        "guarantee" => contingent::guarantee(contract, world),
        "backstop" => contingent::backstop(contract, world),
        "warrant" => contingent::warrant(contract, world),
        "credits" => credits::rows(contract, world),
        // A right moves no money.
        "right" => Ok(vec![]),
        other => Err(format!("type {other}")),
    }
}

/// Whether a contract is terminated, replaced, or a slice of one that is (DEFINITIONS, "Slices").
fn is_gone(contract: &Contract, world: &World, depth: usize) -> bool {
    let named = |name: &str| world.contracts.iter().find(|other| other.name == name);
    let falls_with = |key: &str| contract.text(key).and_then(named);
    let superseded =
        world.contracts.iter().any(|other| other.text("supersedes") == Some(contract.name.as_str()));
    let ended = matches!(contract.text("standing"), Some("terminated" | "lapsed"));
    let whole = [falls_with("part_of"), falls_with("contingent_on")].into_iter().flatten();
    superseded || ended || (depth < 5 && whole.into_iter().any(|whole| is_gone(whole, world, depth + 1)))
}
