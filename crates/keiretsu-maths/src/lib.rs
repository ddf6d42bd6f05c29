//! Vectorised mathematics and random numbers with the same bits on every machine.
