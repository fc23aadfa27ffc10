//! Every day: the bills of an account that are due are charged to its card.

use super::{
    charge::begin,
    domain::{CardState, next_look},
    repo,
};
use crate::{
    accounts, bills, estates,
    ids::SavedCardId,
    payments::{Channel, PayError, open_page},
};
use authz::Denied;
use chrono::Duration;
use db::{ClaimedJob, JobEnd, JobKind};
use ids::TenantId;
use runtime::JobHandler;
use tokio_util::sync::CancellationToken;

/// The work of one card; it ends when the card is revoked.
pub(super) const AUTO_PAY: JobKind = JobKind("auto_pay");

/// Until a look that failed is taken again.
const AGAIN: Duration = Duration::minutes(5);

/// How many bills are charged in one look.
const BILLS: u64 = 100;

/// Charges cards.
pub(super) struct AutoPay(pub Channel);

#[async_trait::async_trait]
impl JobHandler for AutoPay {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match look(&self.0, job.tenant, SavedCardId::from_uuid(job.id)).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, card.id = %job.id, "a card cannot be charged");
                JobEnd::RetryIn(AGAIN)
            }
        }
    }
}

pub(super) async fn look(
    channel: &Channel,
    tenant: TenantId,
    id: SavedCardId,
) -> Result<JobEnd, PayError> {
    let scope = channel.db.read(tenant).await?;
    let card = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    if card.state != CardState::Active {
        return Ok(JobEnd::Done);
    }
    let account = accounts::find(&scope, card.account).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(&scope, account.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    let open = bills::open_page(&scope, &[card.account], None, BILLS).await?;
    drop(scope);
    for bill in open.into_iter().filter(|bill| bill.due <= today) {
        let scope = channel.db.write(tenant).await?;
        let begun = begin(&scope, &estate, id, bill.id, today).await?;
        scope.commit().await?;
        if let Some(payment) = begun {
            open_page(channel, tenant, payment).await?;
        }
    }
    let now = channel.db.clock().now();
    Ok(JobEnd::RetryIn(next_look(now, &estate.zone) - now))
}
