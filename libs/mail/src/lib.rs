//! Mail: the way to the mail server, and what everybody who sends mail needs.

mod address;
mod mailer;

pub use address::{escaped, is_address, pause_after, shown_address};
pub use mailer::{Letter, Mailer, NotTaken};
