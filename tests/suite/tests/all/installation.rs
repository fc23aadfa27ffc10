//! The real programs as processes, in either way to run, reached by HTTP alone.

use anyhow::{Context as _, Result};
use demo::{Company, Door, Operator, Plan, Staff, found};
use servers::{Embedded, Split};
use std::{path::PathBuf, time::Duration};

/// How long anything may take on a slow machine before a test gives up.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// What every process of a test is told: hashing passwords costs next to nothing, logs are short.
pub const SETTINGS: [(&str, &str); 3] =
    [("ARGON2_MEMORY_KIB", "8"), ("ARGON2_PASSES", "1"), ("LOG", "warn")];

const PASSWORD: &str = "correct horse battery";

/// The folder of the built programs.
pub fn programs() -> Result<PathBuf> {
    let folder = std::env::var_os("COMMONHOLD_PROGRAMS");
    folder.map(PathBuf::from).context("COMMONHOLD_PROGRAMS; `cargo xtask test` builds and names it")
}

/// An installation as the stories see it.
#[derive(Clone, Debug)]
pub struct Place {
    pub door: Door,
    operator: Operator,
}

impl Place {
    /// One process with everything, on SQLite.
    pub fn embedded() -> Result<(Embedded, Self)> {
        let mut running = Embedded::start(programs()?, &SETTINGS)?;
        running.wait_ready(PATIENCE)?;
        let operator = operator();
        running.add_operator(&operator.name, &operator.password)?;
        let door = Door::new(running.url());
        Ok((running, Self { door, operator }))
    }

    /// A process for each service, once everything is ready.
    pub fn split(running: &mut Split) -> Result<Self> {
        running.wait_ready(PATIENCE)?;
        let operator = operator();
        running.add_operator(&operator.name, &operator.password)?;
        Ok(Self { door: Door::new(running.plan().url()), operator })
    }

    /// The companies of the demo, whose estates are empty; the one that the README tells of.
    pub async fn demo_companies(&self) -> Result<Company> {
        demo::companies(&self.door, &self.operator).await
    }

    /// A new company with one estate and somebody of each trade: `admin`, `director`, `finance`,
    /// `cashier` and `desk`.
    pub async fn company(&self, code: &str, estate: (&str, &str)) -> Result<Company> {
        let staff = [
            ("admin", "吴静", "CADM", false),
            ("director", "周敏", "DIR", true),
            ("finance", "何明", "CFIN", false),
            ("cashier", "林涛", "CASH", true),
            ("desk", "高洁", "DESK", true),
        ];
        let staff =
            staff.map(|(login, name, role, in_estate)| Staff { login, name, role, in_estate });
        let plan = Plan { code, name: code, estate, staff: staff.to_vec(), password: PASSWORD };
        found(&self.door, &self.operator, &plan).await
    }
}

fn operator() -> Operator {
    Operator { name: "tests".to_owned(), password: PASSWORD.to_owned() }
}
