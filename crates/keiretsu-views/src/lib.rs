//! Tables to bytes: one file per format.
