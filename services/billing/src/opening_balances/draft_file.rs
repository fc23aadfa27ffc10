//! Drafting opening balances from a file: all of its rows or none.

use super::{
    OPENING_PROPOSE, OPENING_READ,
    domain::Given,
    draft::{BATCH, MOST, begin, weigh},
    file::{Fault, FileRows, read},
    repo::{self, File, Opening},
    rows_repo::{self, OpeningRow},
};
use crate::{charges::BillingMonth, error::Refused, ids::OpeningId, upload::decoded};
use authz::{AuditFact, Caller};
use db::{Db, Idempotency, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use texts::Language;

/// A file of opening balances as it is handed in.
#[derive(Clone, Debug)]
pub(super) struct OpeningFile {
    pub estate: EstateId,
    /// The first month that we charge; needed where the estate has none yet.
    pub cut_over: Option<BillingMonth>,
    pub name: String,
    /// In Base64.
    pub content: String,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub(super) enum FromFile {
    /// Its rows are a draft, or what was posted of one; whether they were before.
    Drafted(OpeningId, bool),
    /// Nothing is kept of it, because of these cells.
    Wrong(Vec<Fault>),
}

/// Drafts every row of a file, or names each wrong cell and keeps nothing. A file that is drafted or
/// posted in the estate already is that draft.
#[tracing::instrument(name = "usecase.opening_balances.draft_file", skip_all, fields(estate.id = %file.estate))]
pub(super) async fn draft_file(
    db: &Db,
    caller: &Caller,
    file: OpeningFile,
    key: &IdempotencyKey,
) -> Result<FromFile, Refused> {
    caller.act(OPENING_PROPOSE, OPENING_READ, file.estate)?;
    let bytes = decoded(&file.content)?;
    let known_by = File {
        name: file.name.chars().take(200).collect(),
        hash: hex::encode(Sha256::digest(&bytes)),
    };
    // A large file is read beside the work for others.
    let reading = tokio::task::spawn_blocking(move || read(bytes, &file.name));
    let rows = reading
        .await
        .unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))?;
    let wanted = (file.estate, file.cut_over);
    match once(db, caller, wanted, (&known_by, &rows), key).await {
        Err(refused) if refused.is_race() => {
            once(db, caller, wanted, (&known_by, &rows), key).await
        }
        done => done,
    }
}

async fn once(
    db: &Db,
    caller: &Caller,
    (estate, month): (EstateId, Option<BillingMonth>),
    (file, read): (&File, &FileRows),
    key: &IdempotencyKey,
) -> Result<FromFile, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let operation = format!("draft_opening_file/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, month, &file.hash))?;
    if let Some((id, again)) = keyed.first_answer::<(OpeningId, bool)>().await? {
        return Ok(FromFile::Drafted(id, again));
    }
    if let Some(before) = repo::of_file(&scope, estate, &file.hash).await? {
        keyed.keep(&(before.id, true)).await?;
        scope.commit().await?;
        return Ok(FromFile::Drafted(before.id, true));
    }
    let most = usize::try_from(MOST).unwrap_or_default();
    if read.faults.is_empty() && !(1..=most).contains(&read.rows.len()) {
        return Err(Invalid::new("content", expected::items(1, most)).into());
    }
    let opening = begin(&scope, caller, (estate, month), Some(file.clone())).await?;
    let rows = weighed(&scope, &opening, read).await?;
    let faults = faults(read, &rows);
    if !faults.is_empty() {
        // Nothing is committed.
        return Ok(FromFile::Wrong(faults));
    }
    rows_repo::insert(&scope, &opening, &rows).await?;
    keyed.keep(&(opening.id, false)).await?;
    let fact = AuditFact {
        action: "opening_balance.drafted",
        object: opening.id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "rows": rows.len(), "wrong": 0, "file": file.name,
            "sha256": file.hash }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(FromFile::Drafted(opening.id, false))
}

async fn weighed(
    scope: &TenantScope,
    opening: &Opening,
    read: &FileRows,
) -> Result<Vec<OpeningRow>, Refused> {
    let given: Vec<Given> = read.rows.iter().map(|row| row.given.clone()).collect();
    let (mut seen, mut rows) = (HashSet::new(), Vec::with_capacity(given.len()));
    for part in given.chunks(BATCH) {
        let place = i32::try_from(rows.len() + 1).unwrap_or(MOST);
        rows.append(&mut weigh(scope, opening, place, part, &mut seen).await?);
    }
    Ok(rows)
}

/// Every wrong cell by sheet and row: those that cannot be read, and those that mean nothing here.
fn faults(read: &FileRows, rows: &[OpeningRow]) -> Vec<Fault> {
    let mut all = read.faults.clone();
    for (at, row) in read.rows.iter().zip(rows) {
        let Some(problem) = row.problem else { continue };
        let (field, text) = (problem.field(row.given.kind), problem.text());
        all.push(Fault {
            sheet: at.sheet.clone(),
            row: at.number,
            column: read.header(&at.sheet, field),
            value: row.given.shown(field),
            zh: text.say(Language::Zh),
            en: text.say(Language::En),
        });
    }
    all.sort_by(|one, other| (&one.sheet, one.row).cmp(&(&other.sheet, other.row)));
    all
}
