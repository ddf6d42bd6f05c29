//! The oracle against hand-worked cases, and the engine against the oracle.

mod covers;
mod kept;
mod pages;
mod part;
mod stakes;
mod webs;
