//! Personal data at rest and on show: a data key for each company, and masks.

mod keyring;
mod mask;

pub use keyring::{CompanyKey, KeyError, Keyring, migration, open, seal};
pub use mask::{digits, mask_identity, mask_name, mask_phone, tail};
