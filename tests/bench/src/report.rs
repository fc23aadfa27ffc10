//! The table of results, and the page it is kept in.

use anyhow::{Context as _, Result};
use std::{fmt::Write as _, fs, path::Path};

/// The page, from the root of the repository.
pub const PAGE: &str = "docs/benchmarks.md";

/// What stands between these lines of the page is written by `make bench`.
const BEGIN: &str = "<!-- written by `make bench ARGS=--write` -->";
const END: &str = "<!-- end -->";

/// One figure.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The figure with its unit and spread.
    pub figure: String,
    /// The goal in words; empty for what is only reported.
    pub goal: &'static str,
    /// Whether the goal is met.
    pub met: Option<bool>,
    /// The machine's load average over the last minute when it was measured.
    pub load: String,
}

impl Row {
    /// A figure without a goal.
    pub fn told(what: impl Into<String>, figure: impl Into<String>) -> Self {
        let (what, figure, load) = (what.into(), figure.into(), load_average());
        Self { what, figure, goal: "", met: None, load }
    }

    /// A figure with a goal.
    pub fn judged(
        what: impl Into<String>,
        figure: impl Into<String>,
        goal: &'static str,
        met: bool,
    ) -> Self {
        Self { goal, met: Some(met), ..Self::told(what, figure) }
    }

    fn line(&self) -> String {
        let met = match self.met {
            None => "",
            Some(true) => "yes",
            Some(false) => "**no**",
        };
        format!("| {} | {} | {} | {met} | {} |", self.what, self.figure, self.goal, self.load)
    }
}

/// The load average over the last minute.
fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// The rows as a table.
pub fn table(rows: &[Row]) -> String {
    let mut text = "| What | Figure | Goal | Met | Load |\n|---|---|---|---|---|\n".to_owned();
    for row in rows {
        let _ = writeln!(text, "{}", row.line());
    }
    text
}

/// Puts the result into the page.
pub fn write(heading: &str, rows: &[Row]) -> Result<()> {
    let path = Path::new(PAGE);
    let page = fs::read_to_string(path).with_context(|| format!("reading {PAGE}"))?;
    let page = replaced(&page, &format!("\n{heading}\n\n{}\n", table(rows)))
        .with_context(|| format!("{PAGE} has no place for the table"))?;
    fs::write(path, page).with_context(|| format!("writing {PAGE}"))
}

fn replaced(page: &str, result: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{result}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, replaced};

    #[test]
    fn only_the_place_of_the_table_changes() {
        let page = format!("# A\n{BEGIN}\nold\n{END}\nafter\n");
        let new = replaced(&page, "new\n").unwrap();
        assert_eq!(new, format!("# A\n{BEGIN}\nnew\n{END}\nafter\n"));
        assert_eq!(replaced("# A", "new"), None);
    }
}
