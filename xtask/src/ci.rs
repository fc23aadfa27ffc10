//! What must hold before a change lands.

use crate::{
    arch,
    servers::{cargo, find, succeed},
    suites,
};
use anyhow::{Result, bail};
use std::process::Command;

/// Format, lints, architecture, licences. Schema drift is a test.
pub fn check() -> Result<()> {
    succeed(&mut cargo(&["fmt", "--all", "--check"]))?;
    succeed(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    arch::check()?;
    web()?;
    licences()
}

/// Types, lints and format of the web application.
fn web() -> Result<()> {
    suites::install("services/web")?;
    succeed(Command::new("npm").args(["run", "--silent", "check"]).current_dir("services/web"))
}

/// Licences and banned crates by `deny.toml`, where cargo-deny is installed.
fn licences() -> Result<()> {
    if find("cargo-deny").is_none() {
        println!("licences: not checked, cargo-deny is not installed");
        return Ok(());
    }
    succeed(&mut cargo(&["deny", "--workspace", "check", "bans", "licenses", "sources"]))
}

/// Rewrites the committed schemas from the code.
pub fn write_schemas() -> Result<()> {
    let mut write = cargo(&["test", "--quiet", "-p", "suite", "schema"]);
    write.env("WRITE_SCHEMAS", "1");
    if !write.status()?.success() {
        bail!("the schemas cannot be written");
    }
    Ok(())
}
