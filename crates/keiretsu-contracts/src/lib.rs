//! Model to program: one file per contract type.
