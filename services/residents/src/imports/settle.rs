//! Doubts about rows and how the user settles them.

use super::Row;
use serde::{Deserialize, Serialize};
use sheets::Finding;

/// How the user settles a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A unit or space whose owner is nowhere in the file comes in without owner.
    ImportAsVacant,
    /// A person comes in without the doubtful identity number.
    ImportWithoutIdentity,
    /// The identity number is taken as it stands.
    ImportAsWritten,
    /// The row stays out.
    LeaveOut,
}

impl Choice {
    /// The code in [`Finding::choices`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImportAsVacant => "IMPORT_AS_VACANT",
            Self::ImportWithoutIdentity => "IMPORT_WITHOUT_IDENTITY",
            Self::ImportAsWritten => "IMPORT_AS_WRITTEN",
            Self::LeaveOut => "LEAVE_OUT",
        }
    }
}

/// What is doubtful about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Its owner is nowhere in the file.
    Owner,
    /// Its identity number is shared or fails its check digit.
    Identity,
}

impl Doubt {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Owner, Self::Identity];

    /// The code of its findings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "DANGLING_OWNER",
            Self::Identity => "DOUBTFUL_IDENTITY",
        }
    }

    const fn ways(self) -> &'static [Choice] {
        match self {
            Self::Owner => &[Choice::ImportAsVacant, Choice::LeaveOut],
            Self::Identity => {
                &[Choice::ImportWithoutIdentity, Choice::ImportAsWritten, Choice::LeaveOut]
            }
        }
    }

    /// The codes of the ways out.
    pub fn choices(self) -> Vec<&'static str> {
        self.ways().iter().map(|choice| choice.as_str()).collect()
    }
}

/// A choice for one finding, or for all of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayOut {
    /// The findings' code.
    pub code: String,
    /// Only in this sheet.
    pub sheet: Option<String>,
    /// Only in this row.
    pub row: Option<u32>,
    /// One of the finding's choices.
    pub choice: String,
}

impl WayOut {
    /// Whether it settles every doubt of this kind.
    pub fn is_for_all(&self, doubt: Doubt) -> bool {
        self.code == doubt.code() && self.sheet.is_none() && self.row.is_none()
    }

    fn is_for(&self, code: &str, sheet: &str, row: u32) -> bool {
        self.code == code
            && self.sheet.as_ref().is_none_or(|only| only == sheet)
            && self.row.is_none_or(|only| only == row)
    }
}

/// The most precise way that was chosen for a doubt.
fn chosen(doubt: Doubt, (sheet, row): (&str, u32), ways: &[WayOut]) -> Option<Choice> {
    let fitting = ways.iter().filter(|way| way.is_for(doubt.code(), sheet, row));
    let choice = |way: &WayOut| doubt.ways().iter().find(|known| known.as_str() == way.choice);
    fitting
        .filter_map(|way| Some(((way.row.is_some(), way.sheet.is_some()), *choice(way)?)))
        .max_by_key(|(precision, _)| *precision)
        .map(|(_, choice)| choice)
}

/// How many of some findings no choice settles.
pub fn undecided(findings: &[Finding], ways: &[WayOut]) -> usize {
    let open = |finding: &&Finding| {
        let doubt = Doubt::ALL.into_iter().find(|doubt| doubt.code() == finding.code);
        doubt.is_some_and(|doubt| chosen(doubt, (&finding.sheet, finding.row), ways).is_none())
    };
    findings.iter().filter(open).count()
}

/// The row as it is imported; `None` when it stays out, as every undecided one does.
pub fn settle(mut row: Row, doubt: Option<Doubt>, ways: &[WayOut]) -> Option<Row> {
    let Some(doubt) = doubt else { return Some(row) };
    let place = match &row {
        Row::Entrance(found) => (found.sheet.clone(), found.row),
        Row::Person(found) => (found.sheet.clone(), found.row),
        Row::Space(found) => (found.sheet.clone(), found.row),
        Row::Unit(_, unit) => {
            let found = unit.unit.as_ref()?;
            (found.sheet.clone(), found.row)
        }
    };
    match chosen(doubt, (&place.0, place.1), ways).unwrap_or(Choice::LeaveOut) {
        Choice::LeaveOut => return None,
        Choice::ImportAsWritten => {}
        Choice::ImportAsVacant => match &mut row {
            Row::Unit(_, unit) => unit.unit.as_mut()?.record.owner = None,
            Row::Space(found) => found.record.owner = None,
            Row::Entrance(_) | Row::Person(_) => {}
        },
        Choice::ImportWithoutIdentity => {
            if let Row::Person(found) = &mut row {
                found.record.identity = None;
            }
        }
    }
    Some(row)
}
