//! Published methods on plain numbers.
