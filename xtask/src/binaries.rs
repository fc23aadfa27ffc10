//! The test programs of the workspace, built in one go.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use servers::cargo;
use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A test program.
pub struct Binary {
    /// The package it belongs to.
    pub package: String,
    /// `lib`, `bin` or `test`.
    pub kind: String,
    /// The target's name.
    pub name: String,
    program: PathBuf,
    folder: PathBuf,
}

impl Binary {
    /// Whether it is this target of this package.
    pub fn is(&self, package: &str, kind: &str, name: &str) -> bool {
        (self.package.as_str(), self.kind.as_str(), self.name.as_str()) == (package, kind, name)
    }

    /// The program with one argument, started as cargo would start it.
    pub fn command(&self, argument: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(argument);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// Builds every test program of the workspace. One build for all suites: cargo compiles a
/// dependency anew for each set of features that a smaller selection of packages asks for.
pub fn build() -> Result<Vec<Binary>> {
    let mut build = cargo(&["test", "--workspace", "--no-run", "--quiet"]);
    build.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let mut child = build.spawn().context("starting cargo")?;
    let output = child.stdout.take().context("cargo's messages")?;
    let mut found = Vec::new();
    for line in BufReader::new(output).lines() {
        found.extend(binary(&line?)?);
    }
    if !child.wait()?.success() {
        bail!("the tests do not build");
    }
    found.sort_by(|a, b| (&a.package, &a.kind, &a.name).cmp(&(&b.package, &b.kind, &b.name)));
    Ok(found)
}

/// The test program that a message of cargo's tells of, if it does.
fn binary(line: &str) -> Result<Option<Binary>> {
    let message: Message = serde_json::from_str(line).context("a message of cargo's")?;
    let Message { manifest_path: Some(manifest), target: Some(target), .. } = message else {
        return Ok(None);
    };
    let is_test = message.reason == "compiler-artifact" && message.profile.is_some_and(|p| p.test);
    let Some(program) = message.executable.filter(|_| is_test) else { return Ok(None) };
    let folder = manifest.parent().context("the package's folder")?.to_owned();
    let package = folder.file_name().unwrap_or(Path::new("").as_os_str());
    Ok(Some(Binary {
        package: package.to_string_lossy().into_owned(),
        kind: target.kind.into_iter().next().unwrap_or_default(),
        name: target.name,
        program,
        folder,
    }))
}

#[cfg(test)]
mod tests {
    use super::binary;

    #[test]
    fn a_test_program_is_recognised_and_other_messages_are_passed_over() {
        let artifact = |test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/r/services/billing/Cargo.toml",
                "target":{{"kind":["lib"],"name":"billing"}},"profile":{{"test":{test}}},
                "executable":"/t/deps/billing-1"}}"#
            )
        };
        let found = binary(&artifact(true)).unwrap().unwrap();
        assert!(found.is("billing", "lib", "billing"));
        assert!(binary(&artifact(false)).unwrap().is_none());
        assert!(binary(r#"{"reason":"build-finished","success":true}"#).unwrap().is_none());
    }
}
