//! Programs refused, printed, written and read back.

mod every;
mod text;
mod verify;
mod wire;
