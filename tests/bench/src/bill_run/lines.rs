//! A run of very many lines by several tariffs, and one of a tenth of them: memory must not grow with
//! the estate.

use super::run;
use crate::{
    company::{Wanted, tariffs::LINES},
    processes,
    report::Row,
    town::Town,
};
use anyhow::{Result, ensure};
use std::{path::Path, time::Duration};

/// How long a line may take, at the worst: a debug build is measured as well.
const PATIENCE: Duration = Duration::from_millis(4);

/// What a run came to.
struct Measured {
    /// Lines issued.
    lines: u32,
    /// How many of them a second.
    rate: f64,
    /// Memory of the billing process at rest before, in MB.
    rest: f64,
    /// The most it had, in MB.
    peak: f64,
}

impl Measured {
    fn words(&self) -> String {
        format!("{:.0} MB ({:.0} MB before)", self.peak, self.rest)
    }
}

/// A tenth of the lines, then all of them, each in a fresh installation.
pub async fn measure(programs: &Path, lines: u32) -> Result<Vec<Row>> {
    let few = once(programs, lines / 10).await?;
    let many = once(programs, lines).await?;
    let growth = many.peak / few.peak;
    Ok(vec![
        Row::judged(
            format!(
                "bill run by area, fixed fee and water in steps, PostgreSQL: peak memory of the \
                 billing process for {} lines and for {}",
                many.lines, few.lines
            ),
            format!("{} and {}: {growth:.2} ×", many.words(), few.words()),
            "< 1.3 ×",
            growth < 1.3,
        ),
        Row::told("the same: lines a second", format!("{:.0} and {:.0}", many.rate, few.rate)),
    ])
}

async fn once(programs: &Path, lines: u32) -> Result<Measured> {
    let wanted = Wanted { units: lines.div_ceil(LINES), tariffs: true, ..Wanted::default() };
    let town = Town::on_servers(programs, wanted).await?;
    let billing = town.process("billing")?;
    processes::forget_peak(billing)?;
    let rest = processes::resident_mb(billing)?;
    let month = town.company.first_month;
    let done = run(&town.door, &town.company, month, PATIENCE * lines.max(10_000)).await?;
    let all = wanted.units * LINES;
    ensure!(done.lines == i64::from(all), "{done:?}: {all} lines");
    let measured = Measured {
        lines: all,
        rate: f64::from(all) / done.seconds,
        rest,
        peak: processes::peak_mb(billing)?,
    };
    eprintln!("{all} lines in {:.0} s: {}", done.seconds, measured.words());
    Ok(measured)
}
