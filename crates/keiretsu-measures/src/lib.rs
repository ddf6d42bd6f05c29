//! Observations to tables: one file per measure.
