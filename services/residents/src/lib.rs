//! Residents: who lives where. Buildings, units, people, occupancy.

pub mod imports;
