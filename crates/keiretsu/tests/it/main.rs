//! Tests of the library: a module for each topic in one binary, so that the crates are linked once.
//! `cargo test -p keiretsu --test it MODULE::` runs one topic.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod adjusted_debt;
mod ai_web;
mod alternatives;
mod asked;
mod cancelled;
mod cash;
mod changes;
mod circularity;
mod commitments;
mod compare;
mod credit_web;
mod debt_service;
mod debt_service_holds;
mod declared;
mod expect;
mod explain;
mod explain_most;
mod failure;
mod findings;
mod fuzz;
mod hostile;
mod import_messy;
mod import_random;
mod import_rows;
mod import_second;
mod import_trades;
mod inclusion;
mod measured;
mod measured_losses;
mod messages;
mod neutrality;
mod one_reading;
mod page;
mod printed;
mod published;
mod quarters;
mod report;
mod schema;
mod screens;
mod session;
mod stated;
mod ten_deals;
mod unsaid;
mod wholes;
