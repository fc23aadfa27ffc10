//! Drawing a month's revisits from a seed that is kept, so that anybody can draw them again.

pub(in crate::revisits) mod domain;
mod draw;
pub(in crate::revisits) mod job;
pub(in crate::revisits) mod repo;
mod verify;

pub(in crate::revisits) use domain::{Draw, Verdict};
pub(in crate::revisits) use draw::{DrawMonth, draw};
pub(in crate::revisits) use verify::verify;
