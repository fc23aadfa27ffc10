//! Documents on paper: plain values in, PDF out; nothing here knows a database.
//!
//! A kind of document is a struct with what it shows and an implementation of [`Printed`], which says
//! it as a [`Paper`] of blocks. `frame` puts the letterhead, number, QR code and foot around them,
//! `flow` and `table` break them into pages, and `pdf` writes those.

mod bilingual;
mod disclosure;
mod dunning_notice;
mod figures;
mod flow;
mod font;
mod frame;
mod instalment_agreement;
#[cfg(test)]
mod pages;
mod paper;
mod payment_notice;
mod pdf;
mod receipt;
mod refund_form;
mod settlement_sheet;
mod sheet;
mod statement;
mod table;
#[cfg(test)]
mod tests;

pub use bilingual::Bilingual;
pub use disclosure::{DisclosedFund, DisclosedRate, Disclosure};
pub use dunning_notice::{DunningNotice, OverdueLine};
pub use instalment_agreement::InstalmentAgreement;
#[cfg(test)]
pub(crate) use pages::text as text_of_pdf;
pub use paper::Head;
pub(crate) use payment_notice::{NoticeLine, PaymentNotice};
pub(crate) use pdf::Book;
pub use pdf::PrintError;
pub(crate) use receipt::{ReceiptPaper, ReceiptTitle};
pub(crate) use refund_form::RefundForm;
pub use settlement_sheet::{SettlementLine, SettlementSheet};
pub(crate) use statement::{Statement, StatementRow};

use paper::Paper;
use texts::Language;

/// A document that can be printed.
pub(crate) trait Printed {
    /// What stands on it, in a language.
    fn paper(&self, language: Language) -> Paper;

    /// The document as PDF.
    fn render(&self, language: Language) -> Result<Vec<u8>, PrintError> {
        pdf::print(&self.paper(language))
    }
}
