//! What must hold before a change lands.

use crate::{arch, suites};
use anyhow::{Result, bail};
use servers::{cargo, find, succeed};
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
    rewrite("schema", "WRITE_SCHEMAS")
}

/// Rewrites the committed table of who may do what from the answers.
pub fn write_matrix() -> Result<()> {
    rewrite("matrix::the_committed_table", "WRITE_MATRIX")
}

/// Runs the tests of what is committed with leave to write it.
fn rewrite(tests: &str, leave: &str) -> Result<()> {
    let mut write = cargo(&["test", "--quiet", "-p", "suite", tests]);
    if !write.env(leave, "1").status()?.success() {
        bail!("what is committed cannot be written, or does not hold once it is");
    }
    Ok(())
}
