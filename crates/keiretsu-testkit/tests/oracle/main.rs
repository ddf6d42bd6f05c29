//! The oracle against hand-worked cases, and the engine against the oracle.

mod covers;
mod pages;
mod stakes;
mod webs;
