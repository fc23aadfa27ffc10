//! Holds no code; its manifest unifies the features of third-party crates (docs/adr).
