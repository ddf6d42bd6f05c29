//! Program and run specification to observations.
