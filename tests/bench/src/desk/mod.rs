//! The service desk: its board against PostgreSQL, many people at once who report and move work, and
//! many timers that wait.

mod board;
mod people;
mod timers;

use crate::{company::Wanted, reads::Effort, report::Row, town::Town};
use anyhow::Result;
use std::{path::Path, time::Duration};

pub use people::Crowd;
pub use timers::Watch;

/// Homes of the estate.
const HOMES: u32 = 2_000;

/// How long and how much.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Orders on the board.
    pub orders: u32,
    /// For the comparison of the board.
    pub effort: Effort,
    /// Who reports and moves work.
    pub crowd: Crowd,
    /// How long the waiting timers are looked at.
    pub watch: Watch,
}

impl Wish {
    /// For the page, or for a first look.
    pub const fn new(quick: bool) -> Self {
        let (orders, rounds, turn) = if quick { (100, 1, 2) } else { (500, 4, 4) };
        let (clients, lasts) = if quick { (20, 3) } else { (200, 60) };
        let watch = if quick { 6 } else { 60 };
        Self {
            orders,
            effort: Effort { rounds, turn: Duration::from_secs(turn) },
            crowd: Crowd { clients, lasts: Duration::from_secs(lasts) },
            watch: Watch(Duration::from_secs(watch)),
        }
    }
}

/// Measures all on an installation of their own.
pub async fn measure(programs: &Path, wish: Wish) -> Result<Vec<Row>> {
    let wanted = Wanted { units: HOMES, ..Wanted::default() };
    let town = Town::on_servers(programs, wanted).await?;
    let hands = town.company.opens_desk(town.split.plan(), &town.door).await?;
    let mut rows = board::measure(&town, (wish.orders, wish.effort)).await?;
    rows.extend(people::measure(&town, &hands, wish.crowd).await?);
    rows.push(timers::measure(&town, wish.watch).await?);
    Ok(rows)
}
