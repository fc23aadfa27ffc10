//! What the browser tests need before they run.

use anyhow::{Context as _, Result};
use servers::{cargo, find, install_packages, succeed};
use std::{path::PathBuf, process::Command};

/// Chromium with a font for Chinese, the web application, GraphiQL and the binary that serves them.
pub fn prepare() -> Result<()> {
    if find("chromium-headless-shell").or_else(|| find("chromium")).is_none() {
        let with_fonts = |chromium| install_packages(&[chromium, "fonts-noto-cjk"]);
        // Not every Debian and no Ubuntu has the shell.
        with_fonts("chromium-headless-shell").or_else(|_| with_fonts("chromium"))?;
    }
    succeed(Command::new("make").args(["--no-print-directory", "web-build", "graphiql"]))
        .context("make and npm (Node 20) are needed for this suite")?;
    succeed(&mut cargo(&["build", "--quiet", "-p", "all-in-one"]))
}

/// The binary under test: built beside this one.
pub fn binary() -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("commonhold"))
}
