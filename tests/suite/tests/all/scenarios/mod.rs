//! Stories of people at work, told once and held against both ways to run.

mod exactly_once;
mod first_month;
mod handover;
mod strangers;
mod tour;

use crate::installation::{Place, SETTINGS, programs};
use anyhow::Result;
use chrono::{Datelike as _, FixedOffset, Months, NaiveDate};
use servers::{Durability, Plan, Servers, Split, Storage};

#[test]
#[ignore = "needs the programs; `cargo xtask test scenarios` builds them"]
fn the_stories_hold_in_one_process_on_sqlite() -> Result<()> {
    let (running, place) = Place::embedded()?;
    testkit::run(stories(&place))?;
    drop(running);
    Ok(())
}

#[test]
#[ignore = "needs the programs; `cargo xtask test scenarios` builds them"]
fn the_stories_hold_as_separate_processes_on_postgresql_and_redis() -> Result<()> {
    let servers = Servers::start(Durability::Fast)?;
    let plan = Plan::new(programs()?, Storage::on(&servers)?)?.with_log_files();
    let mut running = Split::start(plan.with_all(&SETTINGS))?;
    let place = Place::split(&mut running)?;
    testkit::run(stories(&place))?;
    running.all_alive()
}

async fn stories(place: &Place) -> Result<()> {
    tour::the_commands_of_the_readme_do_what_it_says(place).await?;
    let (company, homes) = first_month::a_company_bills_its_first_month_and_is_paid(place).await?;
    exactly_once::sixty_four_clients_with_one_key_are_one_payment(&company, &homes[2]).await?;
    handover::a_month_is_split_at_the_handover_and_a_quarter_is_three_months(place).await
}

/// Today in the estates of the stories.
fn today() -> NaiveDate {
    let shanghai = FixedOffset::east_opt(8 * 3600).expect("a zone");
    clock::Clock::system().now().with_timezone(&shanghai).date_naive()
}

/// The first day of the month `months` after that of `day`.
fn month_after(day: NaiveDate, months: u32) -> NaiveDate {
    let first = day.with_day(1).expect("every month has a first day");
    first.checked_add_months(Months::new(months)).expect("a day of this millennium")
}
