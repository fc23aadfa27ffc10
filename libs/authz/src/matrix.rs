//! The role templates that every company starts with.

use crate::{Role, RolePermission};

const MATRIX: &str = include_str!("../matrix.csv");

/// The role templates of `matrix.csv` (handbook Part 2 (b)), in the order of its columns.
///
/// # Panics
/// When the file cannot be read; a test reads it.
pub fn role_templates() -> Vec<Role> {
    let mut rows = MATRIX.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let header = rows.next().expect("the matrix has a header");
    let mut roles: Vec<Role> = header
        .split(',')
        .skip(1)
        .map(|code| Role { code: code.to_owned(), permissions: Vec::new() })
        .collect();
    for row in rows {
        let (permission, cells) = row.split_once(',').expect("a row has cells");
        assert_eq!(cells.split(',').count(), roles.len(), "cells of {permission}");
        for (role, cell) in roles.iter_mut().zip(cells.split(',')) {
            role.permissions.extend(read_cell(permission, cell));
        }
    }
    roles
}

fn read_cell(permission: &str, cell: &str) -> Option<RolePermission> {
    let (letter, limit) = match cell.split_once("<=") {
        Some((letter, yuan)) => {
            (letter, Some(yuan.parse::<i64>().expect("a limit is whole yuan") * 100))
        }
        None => (cell, None),
    };
    let reach = match letter {
        "-" => return None,
        "y" => "all",
        "z" => "zone",
        "a" => "assigned",
        "o" => "own",
        other => panic!("`{other}` is no cell of the matrix"),
    };
    Some(RolePermission { permission: permission.to_owned(), reach: reach.to_owned(), limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(role: &str, permission: &str) -> Option<RolePermission> {
        let roles = role_templates();
        let role = roles.into_iter().find(|r| r.code == role).unwrap();
        role.permissions.into_iter().find(|p| p.permission == permission)
    }

    #[test]
    fn every_role_of_the_handbook_is_a_column() {
        let codes: Vec<String> = role_templates().into_iter().map(|r| r.code).collect();
        assert_eq!(
            codes.join(" "),
            "PLAT CADM CFIN QA DIR SUP DESK CLERK PO PSUP PDESK LG CASH ENG SEC HK OWN OCC OC CTR"
        );
    }

    #[test]
    fn limits_and_reaches_are_read() {
        assert_eq!(find("DIR", "refund.approve").unwrap().limit, Some(100_000));
        assert_eq!(find("PO", "unit.read").unwrap().reach, "zone");
        assert_eq!(find("CASH", "refund.approve"), None);
    }

    #[test]
    fn nobody_both_proposes_and_approves_a_fee() {
        for role in role_templates() {
            let has = |name: &str| role.permissions.iter().any(|p| p.permission == name);
            assert!(!(has("fee.propose") && has("fee.approve")), "{}", role.code);
            assert!(!(has("payment.take") && has("refund.approve")), "{}", role.code);
        }
    }
}
