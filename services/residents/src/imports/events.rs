//! Hearing what billing found when it took its half of an import.

use super::repo;
use contracts::billing::FeesImported;
use db::{StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use sheets::{Finding, Findings};
use std::sync::Arc;

/// Adds billing's findings to the one list that the user sees.
pub fn subscription() -> Subscription {
    Subscription { source: "billing", kind: FeesImported::KIND, handler: Arc::new(Add) }
}

struct Add;

#[async_trait::async_trait]
impl EventHandler for Add {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let told: FeesImported = events::read(event)?;
        let Some(mut import) = repo::lock(scope, told.import.as_uuid()).await? else {
            return Ok(());
        };
        let read = |text: &String| {
            let unreadable = |_| HandlerError::Unreadable("a finding".to_owned());
            serde_json::from_str::<Finding>(text).map_err(unreadable)
        };
        let mut found = told.findings.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let new = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let listed = repo::listed(scope, import.id).await?;
        let most = 2 * Findings::MOST;
        found.truncate(most.saturating_sub(usize::try_from(listed).unwrap_or(usize::MAX)));
        // What billing leaves out is wrong with the file, whatever else is.
        import.counts[0] += new;
        import.left_out += new - i64::try_from(found.len()).unwrap_or(new);
        repo::add_findings(scope, import.id, listed, &found).await?;
        Ok(repo::save(scope, &import).await?)
    }
}
