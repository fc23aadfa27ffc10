//! The table of who may do what, as it was measured.

use std::{collections::BTreeMap, fmt::Write as _};

const LEGEND: &str = "\
# Who may do what, as measured by the answers; written by `make matrix`, compared by the suite.
# permissions: those of which each alone opens the operation; `@company`: held in one estate it does not;
# `+read`: together with the rights to read. `any`: every caller may. `none`: it goes by who asks.
# Cells: y works | z in the own zone only | o for the own person only | x refused as FORBIDDEN | - NOT_FOUND, or nothing to see.
";

/// The measured table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The columns.
    pub roles: Vec<String>,
    /// The rows by operation.
    pub rows: BTreeMap<String, Row>,
}

/// One operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The permissions of which each alone opens it, sorted; or one word, see the legend.
    pub permissions: Vec<String>,
    /// A letter a role.
    pub cells: Vec<char>,
}

impl Matrix {
    /// Reads a table.
    ///
    /// # Panics
    /// When a row has not as many cells as there are roles.
    pub fn read(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let roles: Vec<String> =
            lines.next().unwrap_or_default().split(',').skip(2).map(str::to_owned).collect();
        let row = |line: &str| {
            let mut words = line.split(',');
            let name = words.next().unwrap_or_default().to_owned();
            let permissions = words.next().unwrap_or_default();
            let permissions = permissions.split_whitespace().map(str::to_owned).collect();
            let cells: Vec<char> = words.filter_map(|word| word.chars().next()).collect();
            assert_eq!(cells.len(), roles.len(), "cells of {name}");
            (name, Row { permissions, cells })
        };
        let rows = lines.map(row).collect();
        Self { roles, rows }
    }

    /// The table as text.
    pub fn text(&self) -> String {
        let mut text = format!("{LEGEND}operation,permissions,{}\n", self.roles.join(","));
        for (name, row) in &self.rows {
            let cells: Vec<String> = row.cells.iter().map(char::to_string).collect();
            let _ = writeln!(text, "{name},{},{}", row.permissions.join(" "), cells.join(","));
        }
        text
    }

    /// The letter of an operation and a role.
    pub fn cell(&self, operation: &str, role: &str) -> Option<char> {
        let column = self.roles.iter().position(|known| known == role)?;
        self.rows.get(operation)?.cells.get(column).copied()
    }

    /// What differs, a sentence each; `self` is committed, `measured` is true.
    pub fn differences(&self, measured: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (name, row) in &measured.rows {
            let Some(committed) = self.rows.get(name) else {
                found.push(format!("{name} is new: it has no row"));
                continue;
            };
            if committed.permissions != row.permissions {
                let (was, is) = (committed.permissions.join(" "), row.permissions.join(" "));
                found.push(format!("{name} needed `{was}` and is opened by `{is}`"));
            }
            for (role, is) in measured.roles.iter().zip(&row.cells) {
                let was = self.cell(name, role).unwrap_or('?');
                if was != *is {
                    found.push(format!("{name} as {role}: `{was}` in the table, `{is}` measured"));
                }
            }
        }
        let gone = self.rows.keys().filter(|name| !measured.rows.contains_key(*name));
        found.extend(gone.map(|name| format!("{name} is gone: its row is left")));
        found
    }

    /// Cells that do not follow from the rights of the roles, a sentence each. `right` is the
    /// letter of a permission, as it stands in a row, and a role in the matrix of rights: `y`, `z`,
    /// `a`, `o` or `-`.
    pub fn against_rights(&self, right: impl Fn(&str, &str) -> char) -> Vec<String> {
        let mut found = Vec::new();
        for (name, row) in &self.rows {
            let permissions = &row.permissions;
            if permissions.iter().any(|word| word == "any" || word == "none") {
                continue;
            }
            for (role, cell) in self.roles.iter().zip(&row.cells) {
                let letters = permissions.iter().map(|permission| right(permission, role));
                let widest = letters.min_by_key(|letter| "yzao-".find(*letter)).unwrap_or('-');
                let follows = match widest {
                    '-' => "-x".contains(*cell),
                    'y' => *cell == 'y',
                    // What belongs to the whole estate is no matter of zones and persons; who
                    // sees only their own may see nothing of it.
                    'z' | 'a' => "zyx-".contains(*cell),
                    _ => "oyx-".contains(*cell),
                };
                if !follows {
                    let of = permissions.join(" or ");
                    found.push(format!(
                        "{name} as {role}: measured `{cell}`, but {of} is `{widest}` for the role"
                    ));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "operation,permissions,DIR,OWN\nbill,bill.read,y,o\n";

    #[test]
    fn a_table_reads_as_it_was_written() {
        let table = Matrix::read(TABLE);
        assert_eq!(Matrix::read(&table.text()), table);
        assert_eq!(table.cell("bill", "OWN"), Some('o'));
    }

    #[test]
    fn every_difference_is_named() {
        let committed = Matrix::read(TABLE);
        let measured =
            Matrix::read("operation,permissions,DIR,OWN\nbill,bill.read,y,y\npay,a.b,y,-\n");
        let wanted = ["bill as OWN: `o` in the table, `y` measured", "pay is new: it has no row"];
        assert_eq!(committed.differences(&measured), wanted);
        let gone = measured.differences(&committed);
        assert!(gone.contains(&"pay is gone: its row is left".to_owned()), "{gone:?}");
    }

    #[test]
    fn a_right_that_nobody_gave_is_named() {
        let table = Matrix::read(TABLE);
        let right = |_: &str, role: &str| if role == "DIR" { 'y' } else { 'o' };
        assert_eq!(table.against_rights(right), Vec::<String>::new());
        let wrong = table.against_rights(|_, _| '-');
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert_eq!(wrong[0], "bill as DIR: measured `y`, but bill.read is `-` for the role");
    }
}
