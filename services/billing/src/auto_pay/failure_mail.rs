//! A charge that failed is told to the payer by e-mail, with what happens next: one mail for each
//! try, to where the receipts of the account go, and none where they go nowhere.

use super::{
    domain::{CardState, next_try},
    failure_mail_repo::{self as kept, FailureMail},
    repo,
};
use crate::{
    bills, estates,
    ids::PaymentId,
    payments::{Payment, PaymentStatus, Payments, settle::bill_text},
    receipt_mail::{Kept, Letter, Progress, Sheet, wanted},
    say,
};
use db::{JobKind, StorageError, TenantScope, enqueue_job};
use texts::{Language, Text};
use uuid::Uuid;

/// The work of sending one.
const AUTO_PAY_FAILED: JobKind = JobKind("auto_pay_failed");

/// Has the payer told that a payment failed, if it was a try of ours.
pub(crate) async fn tell_failure(
    scope: &TenantScope,
    payment: &Payment,
) -> Result<(), StorageError> {
    if repo::try_of_payment(scope, payment.id).await?.is_none()
        || kept::lock(scope, payment.id).await?.is_some()
    {
        return Ok(());
    }
    let Some(to) = wanted(scope, payment.account).await? else { return Ok(()) };
    let mail = FailureMail {
        payment: payment.id,
        account: to.account,
        address: to.email,
        language: to.language,
        queued_at: scope.now(),
        progress: Progress::waiting(),
    };
    kept::put(scope, &mail).await?;
    enqueue_job(scope, AUTO_PAY_FAILED, payment.id.as_uuid()).await
}

#[async_trait::async_trait]
impl Kept for FailureMail {
    const KIND: JobKind = AUTO_PAY_FAILED;

    async fn lock(scope: &TenantScope, id: Uuid) -> Result<Option<Self>, StorageError> {
        kept::lock(scope, PaymentId::from_uuid(id)).await
    }

    async fn save(&self, scope: &TenantScope) -> Result<(), StorageError> {
        kept::put(scope, self).await
    }

    /// Nothing when the money came after all, or mail is no longer wanted.
    async fn letter(&self, scope: &TenantScope) -> Result<Option<Letter>, StorageError> {
        let payment = Payments(scope).find(self.payment).await?;
        let failed = payment.filter(|it| it.state.status() == PaymentStatus::Failed);
        let tried = repo::try_of_payment(scope, self.payment).await?;
        let (Some(payment), Some(tried)) = (failed, tried) else { return Ok(None) };
        let bill = bills::find(scope, tried.bill).await?;
        let estate = estates::find(scope, payment.estate).await?;
        let (Some(bill), Some(estate)) = (bill, estate) else { return Ok(None) };
        if wanted(scope, self.account).await?.is_none() {
            return Ok(None);
        }
        let card = repo::find(scope, tried.card).await?;
        let charges = card.is_some_and(|card| card.state == CardState::Active);
        let next = next_try(tried.number, tried.day).filter(|_| charges);
        let language = Language::from(self.language);
        let say = |text: Text| text.say(language);
        let next = next
            .map_or_else(say::mail_not_tried_again, |day| say::mail_tried_again(day.to_string()));
        let amount = payment.state.amount;
        let sheet = Sheet {
            language,
            title: say(say::mail_charge_failed()),
            facts: vec![
                (say(say::mail_bill()), bill_text(&bill)),
                (say(say::mail_amount()), format!("{amount} {}", payment.currency)),
                (say(say::mail_day()), tried.day.to_string()),
                (say(say::mail_next()), say(next)),
            ],
            lines: Vec::new(),
            close: say(say::mail_failure_stop(estate.name.clone())),
        };
        Ok(Some(Letter {
            to: self.address.clone(),
            id: self.payment.to_string(),
            subject: format!("{} {} {}", estate.name, sheet.title, bill_text(&bill)),
            plain: sheet.plain(),
            html: sheet.html(),
        }))
    }

    fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }
}
