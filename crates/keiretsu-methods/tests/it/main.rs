//! Tests of the methods: a module for each, in one binary.

#![expect(clippy::disallowed_methods, reason = "tests take the platform's functions, not those they check")]

mod captable;
mod choice;
mod circularity;
mod circularity_monthly;
mod circularity_null;
mod clearing;
mod common;
mod concentration;
mod contagion;
mod exposure;
mod irr;
mod loan;
mod network;
mod sensitivity;
mod web;
