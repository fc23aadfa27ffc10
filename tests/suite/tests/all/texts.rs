//! Sentences for people: none is declared for nothing.

use crate::town::repository;
use std::{fs, path::Path};

/// The text of every Rust file below a folder.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The sentences that a file declares.
fn declared(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let names = text.split("fn ").skip(1).filter_map(|rest| rest.split_once('('));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_sentence_is_used() {
    let (mut all, mut unused, mut found) = (String::new(), Vec::new(), 0);
    for folder in ["libs", "services"] {
        sources(&repository(folder), &mut all);
    }
    let crates = ["libs", "services"].map(|folder| fs::read_dir(repository(folder)).unwrap());
    for folder in crates.into_iter().flatten() {
        let folder = folder.unwrap().path();
        for (file, module) in [("say", "say"), ("say/papers", "say"), ("expected", "expected")] {
            let path = folder.join(format!("src/{file}.rs"));
            let names = if path.exists() { declared(&path) } else { Vec::new() };
            found += names.len();
            let of_nobody = |name: &String| !all.contains(&format!("{module}::{name}"));
            unused.extend(names.into_iter().filter(of_nobody).map(|name| (path.clone(), name)));
        }
    }
    assert!(found > 100, "only {found} sentences found");
    assert_eq!(unused, []);
}
