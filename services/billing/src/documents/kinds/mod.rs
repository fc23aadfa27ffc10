//! Issuing one document of an object the caller may read: a file for each kind, which also says when
//! the document does not count any more.

mod disclosure;
mod dunning_notice;
mod instalment_agreement;
mod payment_notice;
mod receipt;
mod refund_form;
mod settlement_sheet;
mod statement;

pub(super) use disclosure::disclosure;
pub(super) use dunning_notice::dunning_notice;
pub(super) use instalment_agreement::instalment_agreement;
pub(super) use payment_notice::payment_notice;
pub(super) use receipt::receipt;
pub(super) use refund_form::refund_form;
pub(super) use settlement_sheet::settlement_sheet;
pub(super) use statement::statement;

use super::{
    domain::{Document, DocumentKind},
    download::{Handed, Shelf},
    print::{Bilingual, Printed},
};
use crate::{
    accounts::BillingAccount,
    error::Refused,
    estates::{self, Estate},
    ledger::Till,
    payments::PAYMENT_READ,
    say,
};
use authz::{Caller, Denied};
use db::{Db, TenantScope};
use texts::Language;

/// Who wants a document, from where, in which language.
pub(in crate::documents) struct Wish<'a> {
    pub db: &'a Db,
    pub shelf: &'a Shelf,
    pub caller: &'a Caller,
    pub language: Language,
}

/// Whose document it is.
struct Whose {
    estate: Estate,
    name: String,
    unit: Option<String>,
}

impl Wish<'_> {
    /// What stands in the head of a document about an account.
    async fn whose(&self, scope: &TenantScope, account: &BillingAccount) -> Result<Whose, Refused> {
        let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
        let own = crate::graphql::own_person(self.caller);
        let own = own == Some(account.debtor.party.as_uuid());
        let name = if own { account.name.full.clone() } else { account.name.shown.clone() };
        let unit = match account.debtor.unit {
            Some(unit) => estates::unit(scope, unit).await?.map(|unit| unit.label),
            None => None,
        };
        Ok(Whose { estate, name, unit })
    }

    /// Prints it and puts it where a link leads.
    async fn hand_out(
        &self,
        document: Document,
        printed: &(impl Printed + Sync),
    ) -> Result<(Document, Handed), Refused> {
        let bytes = printed.render(self.language)?;
        let name = format!("{}.pdf", document.number);
        let handed = self.shelf.hand_out(self.caller.tenant(), &name, &bytes).await?;
        Ok((document, handed))
    }

    fn site(&self) -> Option<&str> {
        self.shelf.site.as_deref()
    }
}

/// Whether what a document is of does not count any more.
pub(super) async fn is_void(scope: &TenantScope, document: &Document) -> Result<bool, Refused> {
    let subject = document.subject;
    match document.kind {
        DocumentKind::PaymentNotice => payment_notice::is_void(scope, subject).await,
        DocumentKind::Receipt => receipt::is_void(scope, subject).await,
        DocumentKind::RefundForm => refund_form::is_void(scope, subject).await,
        DocumentKind::DunningNotice => dunning_notice::is_void(scope, subject).await,
        DocumentKind::SettlementSheet => settlement_sheet::is_void(scope, subject).await,
        DocumentKind::InstalmentAgreement => instalment_agreement::is_void(scope, subject).await,
        DocumentKind::Statement | DocumentKind::Disclosure => Ok(false),
    }
}

/// As reading a payment asks it.
fn reads_payments(caller: &Caller, account: &BillingAccount) -> Result<(), Denied> {
    let right = caller.act(PAYMENT_READ, PAYMENT_READ, account.estate)?;
    if crate::payments::covers(&right, account) { Ok(()) } else { Err(Denied::Hidden) }
}

/// How a payment came in.
fn channel(till: Till) -> Bilingual {
    match till {
        Till::Cash => say::doc_by_cash(),
        Till::Card => say::doc_by_card(),
        Till::Transfer => say::doc_by_transfer(),
        Till::Online => say::doc_by_online(),
    }
    .into()
}
