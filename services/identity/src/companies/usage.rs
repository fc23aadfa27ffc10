//! What a company uses, counted without seeing a resident.

use super::repo;
use crate::{app::Outcome, estates, staff};
use contracts::residents::{FileKept, UnitsChanged};
use db::{Db, StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use serde::Serialize;
use std::sync::Arc;

/// One company's usage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    pub code: String,
    pub name: String,
    pub state: &'static str,
    pub estates: u64,
    pub units: u64,
    pub staff: u64,
    /// Bytes of all files it keeps.
    pub storage_bytes: i64,
}

/// The usage of every company, by code.
#[tracing::instrument(name = "usecase.companies.usage", skip_all)]
pub async fn usage(db: &Db) -> Outcome<Vec<Usage>> {
    let mut all = Vec::new();
    for company in repo::all(db).await? {
        let scope = db.read(company.tenant).await?;
        all.push(Usage {
            code: company.code,
            name: company.name,
            state: repo::word(company.state),
            estates: estates::count(&scope).await?,
            units: repo::units(&scope).await?,
            staff: staff::count(&scope).await?,
            storage_bytes: repo::storage(&scope).await?,
        });
    }
    Ok(all)
}

/// Counts units as residents registers them, and the bytes of files as services keep them.
pub fn subscriptions() -> Vec<Subscription> {
    let on = |source, kind| Subscription { source, kind, handler: Arc::new(Count) };
    vec![
        on("residents", UnitsChanged::KIND),
        on("residents", FileKept::KIND),
        on("service-desk", FileKept::KIND),
    ]
}

struct Count;

#[async_trait::async_trait]
impl EventHandler for Count {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        if event.kind == FileKept::KIND {
            let kept: FileKept = events::read(event)?;
            return Ok(repo::add_storage(scope, kept.bytes).await?);
        }
        let changed: UnitsChanged = events::read(event)?;
        let units = changed.units.into_iter().map(|fact| fact.unit.as_uuid()).collect();
        Ok(repo::count_units(scope, units).await?)
    }
}
