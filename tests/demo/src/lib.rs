//! The demo companies, loaded through the public address of an installation: the same sign-in,
//! upload and operations that people use.

pub mod acts;
mod company;
mod desk;
mod door;
mod greeting;
mod load;

pub use company::{Company, Operator, Plan, Staff, found};
pub use door::{Answer, Door, Session, eventually};
pub use greeting::greeting;
pub use load::{companies, load, load_estate};

/// The password of every demo sign-in.
pub const PASSWORD: &str = "demo-2026-demo";

/// Sign-in name, name, role and whether it is held in the one estate only.
const STAFF: [(&str, &str, &str, bool); 7] = [
    ("admin", "吴静", "CADM", false),
    ("finance", "何明", "CFIN", false),
    ("director", "周敏", "DIR", true),
    ("supervisor", "李倩", "SUP", true),
    ("cashier", "林涛", "CASH", true),
    ("desk", "高洁", "DESK", true),
    ("engineer", "王磊", "ENG", true),
];
