//! A file as it was understood: the dry run.

use super::{check_fees, read_roster};
use crate::{ResidentsError, people::mask_identity, say};
use bytes::Bytes;
use sheets::{Findings, Limits, Mapping, Severity, Workbook, recognise};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// What was found in a file; none of its rows.
pub struct Reading {
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
/// When it cannot be opened, or the mapping does not fit it.
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

/// How a file is read: in the given way, or as it is recognised. Its rows are not read.
///
/// # Errors
/// As [`open`].
pub async fn recognised(
    bytes: Bytes,
    name: String,
    mapping: Option<Mapping>,
) -> Result<Mapping, ResidentsError> {
    apart(move || open(bytes.into(), &name, mapping).map(|(_, mapping)| mapping)).await
}

/// Reads all rows of a file in the background pool and counts the good ones while it does.
///
/// # Errors
/// As [`open`], and when a sheet cannot be read.
pub async fn read_apart(
    bytes: Bytes,
    name: String,
    mapping: Mapping,
    rows: Arc<AtomicI64>,
) -> Result<Reading, ResidentsError> {
    apart(move || read(bytes.into(), &name, mapping, &rows)).await
}

/// Runs in the background pool: a large file takes seconds.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}

fn read(
    bytes: Vec<u8>,
    name: &str,
    mapping: Mapping,
    rows: &AtomicI64,
) -> Result<Reading, ResidentsError> {
    let (mut book, mapping) = open(bytes, name, Some(mapping))?;
    let (mut findings, mut of_fees) = (Findings::default(), Findings::default());
    read_roster(&mut book, &mapping, &mut findings, |_, _| {
        rows.fetch_add(1, Ordering::Relaxed);
    })?;
    check_fees(&mut book, &mapping, &mut of_fees)?;
    findings.append(of_fees);
    for finding in findings.as_mut_slice() {
        // Identity numbers are kept sealed only.
        if finding.code == "DOUBTFUL_IDENTITY" {
            finding.value = mask_identity(&finding.value);
        }
    }
    Ok(Reading { rows: rows.load(Ordering::Relaxed), findings })
}
