//! A charge that failed is told to the payer by e-mail, with what happens next: one mail for each
//! try, to where the receipts of the account go, and none where they go nowhere.

use super::{
    domain::{CardState, next_try},
    repo,
};
use crate::{
    bills, estates,
    ids::PaymentId,
    payments::{Payment, PaymentStatus, Payments, settle::bill_text},
    receipt_mail::{About, Mail, Sheet, Written, queue, wanted},
    say,
};
use db::{JobKind, StorageError, TenantScope};
use mail::Letter;
use texts::{Language, Text};

/// Mails about charges that failed.
pub(crate) struct OfFailedCharge;

/// Has the payer told that a payment failed, if it was a try of ours.
pub(crate) async fn tell_failure(
    scope: &TenantScope,
    payment: &Payment,
) -> Result<(), StorageError> {
    if repo::try_of_payment(scope, payment.id).await?.is_none() {
        return Ok(());
    }
    let Some(to) = wanted(scope, payment.account).await? else { return Ok(()) };
    queue::<OfFailedCharge>(scope, payment.id.as_uuid(), to).await
}

#[async_trait::async_trait]
impl Written for OfFailedCharge {
    const JOB: JobKind = JobKind("auto_pay_failed");
    const ABOUT: About = About::FailedCharge;

    /// Nothing when the money came after all.
    async fn letter(scope: &TenantScope, mail: &Mail) -> Result<Option<Letter>, StorageError> {
        let id = PaymentId::from_uuid(mail.subject);
        let payment = Payments(scope).find(id).await?;
        let failed = payment.filter(|it| it.state.status() == PaymentStatus::Failed);
        let tried = repo::try_of_payment(scope, id).await?;
        let (Some(payment), Some(tried)) = (failed, tried) else { return Ok(None) };
        let bill = bills::find(scope, tried.bill).await?;
        let estate = estates::find(scope, payment.estate).await?;
        let (Some(bill), Some(estate)) = (bill, estate) else { return Ok(None) };
        let card = repo::find(scope, tried.card).await?;
        let charges = card.is_some_and(|card| card.state == CardState::Active);
        let next = next_try(tried.number, tried.day).filter(|_| charges);
        let language = Language::from(mail.language);
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
            to: mail.address.clone(),
            id: id.to_string(),
            subject: format!("{} {} {}", estate.name, sheet.title, bill_text(&bill)),
            plain: sheet.plain(),
            html: sheet.html(),
        }))
    }
}
