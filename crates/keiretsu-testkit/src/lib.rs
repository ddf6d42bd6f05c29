//! Development only: oracle, random webs, literate manual, tidy.
