//! Drawing a month's revisits from a seed.

pub(in crate::revisits) mod job;
