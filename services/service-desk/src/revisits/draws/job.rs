//! The draw that a month gets when it is over.

use crate::revisits::{month::Month, source::Candidate};
use chrono::Duration;
use chrono_tz::Tz;
use db::{JobKind, StorageError, TenantScope, enqueue_job_after};

/// Drawing a month that is over.
const KIND: JobKind = JobKind("revisit_draw");

/// Has the month of a finished thing drawn when it is over. It is asked for by the first thing of
/// its kind that was finished in the month.
pub(in crate::revisits) async fn enqueue(
    scope: &TenantScope,
    first: &Candidate,
    zone: Tz,
) -> Result<(), StorageError> {
    let pause = Month::ends(first.month, zone) - scope.now();
    enqueue_job_after(scope, KIND, first.id, pause.max(Duration::zero())).await
}
