//! The secret that an embedded installation makes for itself.

use anyhow::{Context as _, Result};
use clock::Clock;
use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// The key that protects what is encrypted in this data folder; made at the first start and kept
/// beside the data, readable by its owner alone. `MASTER_KEY` in the environment overrides it.
pub fn master_key(data: &Path, clock: &Clock) -> Result<String> {
    let path = data.join("master.key");
    if path.exists() {
        let key =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        return Ok(key.trim().to_owned());
    }
    let bytes: [u8; 32] = clock.bytes();
    let mut key = String::with_capacity(64);
    for byte in bytes {
        use std::fmt::Write as _;
        write!(key, "{byte:02x}")?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    writeln!(file, "{key}")?;
    Ok(key)
}
