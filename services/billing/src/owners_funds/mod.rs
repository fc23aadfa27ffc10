//! What belongs to the owners: income from common parts, the maintenance fund, and what is
//! disclosed to them of both.

pub mod common;
pub mod disclosures;
pub mod fund;
#[cfg(test)]
mod tests;
