//! Facts of identity and residents as other services keep them: estates, units and the people who
//! belong to them, staff. Each module is a table, what fills it and how it is read.

pub mod estates;
pub mod homes;
pub mod staff;
