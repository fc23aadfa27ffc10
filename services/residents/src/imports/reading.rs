//! A file as it was understood: the dry run.

use super::{check_fees, read_roster};
use crate::{ResidentsError, people::mask_identity, say};
use sheets::{Findings, Limits, Mapping, Severity, Workbook, recognise};

/// How a file is read and what is wrong with it; none of its rows.
pub struct Reading {
    /// How it is read.
    pub mapping: Mapping,
    /// How many rows can be imported.
    pub rows: i64,
    /// What is wrong or doubtful.
    pub findings: Findings,
}

impl Reading {
    /// How many findings are errors, choices and warnings.
    pub fn counts(&self) -> [i64; 3] {
        [Severity::Error, Severity::Choice, Severity::Warning]
            .map(|severity| small(self.findings.count(severity)))
    }

    /// How many findings are not listed.
    pub fn left_out(&self) -> i64 {
        small(self.findings.left_out())
    }
}

fn small(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Opens a file; its way of being read is the given one, or what is recognised in it.
///
/// # Errors
/// When it cannot be read at all, or the mapping does not fit it.
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    mapping: Option<Mapping>,
) -> Result<(Workbook, Mapping), ResidentsError> {
    let book = Workbook::open(bytes, name, Limits::default())?;
    let mapping = mapping.unwrap_or_else(|| recognise(book.sheets(), &roster::TEMPLATE));
    if let Err(wrong) = mapping.validate(&roster::TEMPLATE, &book) {
        return Err(wrong
            .into_iter()
            .next()
            .map_or(ResidentsError::Conflict(say::mapping_misfit()), ResidentsError::from));
    }
    Ok((book, mapping))
}

/// Reads a file in the background pool: a large one takes seconds.
///
/// # Errors
/// As [`open`].
pub async fn read_apart(
    bytes: bytes::Bytes,
    name: String,
    mapping: Option<Mapping>,
) -> Result<Reading, ResidentsError> {
    let read = tokio::task::spawn_blocking(move || read(bytes.into(), &name, mapping)).await;
    read.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}

fn read(bytes: Vec<u8>, name: &str, mapping: Option<Mapping>) -> Result<Reading, ResidentsError> {
    let (mut book, mapping) = open(bytes, name, mapping)?;
    let (mut findings, mut of_fees) = (Findings::default(), Findings::default());
    let mut rows = 0;
    read_roster(&mut book, &mapping, &mut findings, |_, _| rows += 1)?;
    check_fees(&mut book, &mapping, &mut of_fees)?;
    findings.append(of_fees);
    for finding in findings.as_mut_slice() {
        // Identity numbers are kept sealed only.
        if finding.code == "DOUBTFUL_IDENTITY" {
            finding.value = mask_identity(&finding.value);
        }
    }
    Ok(Reading { mapping, rows, findings })
}
