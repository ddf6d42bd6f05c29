//! Text to model: TOML with positions, figures in words, conditions, claims.
