//! The direction of dependencies, and who may name what (docs/architecture.md, sections 1 and 12).

use anyhow::{Context as _, Result, bail};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Libraries by tier: a library depends on its own tier and lower ones.
const TIERS: [&[&str]; 3] = [
    &["ids", "money", "clock", "texts", "errors"],
    &[
        "config",
        "memory",
        "telemetry",
        "db",
        "authz",
        "graphql",
        "service-http",
        "events",
        "files",
        "mail",
        "sheets",
        "roster",
        "vault",
        "personal",
        "payments",
        "stripe-client",
        "contracts",
        "places",
    ],
    &["runtime", "testkit"],
];

/// Names that say nothing.
const REFUSED_NAMES: [&str; 5] = ["common", "utils", "shared", "core", "helpers"];

/// Longest file, in lines.
const MAX_LINES: usize = 500;

/// Longest file of tests, in lines.
const MAX_TEST_LINES: usize = 600;

pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    dependencies(&mut wrong)?;
    for file in rust_files(Path::new("."))? {
        source(&file, &mut wrong)?;
    }
    if wrong.is_empty() {
        println!("architecture: nothing to complain about");
        return Ok(());
    }
    for line in &wrong {
        eprintln!("{line}");
    }
    bail!("{} violations of docs/architecture.md", wrong.len())
}

fn tier(name: &str) -> Option<usize> {
    TIERS.iter().position(|tier| tier.contains(&name))
}

fn dependencies(wrong: &mut Vec<String>) -> Result<()> {
    let services = folders("services")?;
    for folder in ["libs", "services"] {
        for name in folders(folder)? {
            if REFUSED_NAMES.contains(&name.as_str()) {
                wrong.push(format!("{folder}/{name}: the name does not say what it does"));
            }
            let uses = manifest(&Path::new(folder).join(&name))?;
            let mine = tier(&name);
            if folder == "libs" && mine.is_none() {
                wrong.push(format!("libs/{name}: belongs to no tier of xtask/src/arch.rs"));
            }
            if folder == "libs" && !Path::new(folder).join(&name).join("README.md").exists() {
                wrong.push(format!("libs/{name}: has no README.md"));
            }
            for used in uses {
                if services.contains(&used) && name != "all-in-one" {
                    wrong.push(format!("{folder}/{name}: depends on the service `{used}`"));
                }
                if let (Some(mine), Some(theirs)) = (mine, tier(&used))
                    && theirs > mine
                {
                    wrong.push(format!("libs/{name}: depends on `{used}` of a higher tier"));
                }
                let stripe = used.starts_with("async-stripe") && name != "stripe-client";
                let router = used == "hive-router" && name != "gateway" && name != "all-in-one";
                if stripe || router {
                    wrong.push(format!("{folder}/{name}: depends on `{used}`, which few may"));
                }
            }
        }
    }
    Ok(())
}

fn folders(parent: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(parent).with_context(|| format!("reading {parent}"))? {
        let path = entry?.path();
        if path.join("Cargo.toml").exists() {
            names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// The `[dependencies]` of a crate (not those of its tests).
fn manifest(folder: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(folder.join("Cargo.toml"))?;
    let table: toml::Table = text.parse().with_context(|| folder.display().to_string())?;
    let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
    Ok(dependencies.map(|d| d.keys().cloned().collect()).unwrap_or_default())
}

fn rust_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["libs", "services", "tests", "xtask"] {
        walk(&root.join(folder), &mut files)?;
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "target" && name != "node_modules" {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn source(path: &Path, wrong: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let shown = path.display();
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let file = parts.last().copied().unwrap_or_default();
    let is_test = file == "tests.rs" || file.ends_with("_tests.rs") || parts.contains(&"tests");
    let (lines, most) = (text.lines().count(), if is_test { MAX_TEST_LINES } else { MAX_LINES });
    if lines > most {
        wrong.push(format!("{shown}: {lines} lines, at most {most}"));
    }
    if is_test {
        return Ok(());
    }
    let named = used_crates(&text);
    let in_service = parts.contains(&"services")
        && !parts.contains(&"gateway")
        && !parts.contains(&"all-in-one");
    if in_service {
        let storage = file == "repo.rs" || file.ends_with("_repo.rs") || file == "migrations.rs";
        if named.contains_key("sea_orm") && !storage {
            wrong.push(format!("{shown}: names sea_orm; only repo.rs and migrations.rs may"));
        }
        let api = file == "graphql.rs"
            || file.ends_with("_graphql.rs")
            || ["lib.rs", "service.rs"].contains(&file);
        if named.contains_key("async_graphql") && !api {
            wrong.push(format!("{shown}: names async_graphql; only graphql.rs may"));
        }
    }
    let connects = ["DatabaseConnection", "Database::connect", "ConnectOptions"];
    let may_connect = ["db", "testkit", "xtask"].iter().any(|place| parts.contains(place));
    if !may_connect && connects.iter().any(|name| text.contains(name)) {
        wrong.push(format!("{shown}: opens a connection; only libs/db may"));
    }
    Ok(())
}

/// Crates named in paths, outside comments.
fn used_crates(text: &str) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        for name in ["sea_orm", "async_graphql"] {
            if line.contains(&format!("{name}::")) {
                *found.entry(name).or_default() += 1;
            }
        }
    }
    found
}
