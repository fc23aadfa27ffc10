//! What is said to orders of special services in the graph.

use super::{
    node_graphql::SpecialOrderAnswerKind,
    quote::{MaterialAsk, Work},
};
use crate::charges::graphql::fen;
use async_graphql::{ID, InputObject, Result};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// What a resident wants.
#[derive(InputObject)]
pub(crate) struct RequestSpecialOrderInput {
    /// The service, `ssi_…`.
    pub(super) service_id: ID,
    /// The unit, `unt_…`.
    pub(super) unit_id: ID,
    /// For whom, `psn_…`, somebody of the unit; oneself for a resident.
    pub(super) person_id: Option<ID>,
    /// When they would like it.
    pub(super) wanted_at: DateTime<Utc>,
    /// What they want to say, up to 500 characters.
    pub(super) note: Option<String>,
    /// The call or visit that it came from, `cnt_…`; it becomes this order.
    pub(super) contact_id: Option<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// A material of a quote.
#[derive(InputObject)]
pub(crate) struct SpecialOrderMaterialInput {
    /// Its code in the price list, or what it is called.
    pub(super) name: String,
    /// How many, 1 to 1000.
    pub(super) quantity: u32,
    /// A piece in yuan, where it is not in the price list.
    pub(super) price: Option<Decimal>,
}

/// What an order costs.
#[derive(InputObject)]
pub(crate) struct QuoteSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// When it shall be done.
    pub(super) appointment: DateTime<Utc>,
    /// How many workers, for an hourly price.
    #[graphql(default = 1)]
    pub(super) workers: u32,
    /// How many minutes, for an hourly price.
    #[graphql(default = 60)]
    pub(super) minutes: u32,
    /// How many pieces, for a fixed price.
    #[graphql(default = 1)]
    pub(super) quantity: u32,
    /// Whether it is sold as a package.
    #[graphql(default)]
    pub(super) package: bool,
    /// With what materials, at most 100.
    #[graphql(default)]
    pub(super) materials: Vec<SpecialOrderMaterialInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What the resident agrees to.
#[derive(InputObject)]
pub(crate) struct ConfirmSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Who will come.
#[derive(InputObject)]
pub(crate) struct ScheduleSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Who will come, `usr_…`; 1 to 20.
    pub(super) worker_ids: Vec<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Which work begins.
#[derive(InputObject)]
pub(crate) struct StartSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What was done.
#[derive(InputObject)]
pub(crate) struct FinishSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// What was done, 1 to 1000 characters.
    pub(super) result: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What the resident accepts.
#[derive(InputObject)]
pub(crate) struct AcceptSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Why it shall be done again.
#[derive(InputObject)]
pub(crate) struct DisputeSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is cancelled.
#[derive(InputObject)]
pub(crate) struct CancelSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// Of staff: whether the resident wished it, which late costs what it costs by the app.
    #[graphql(default)]
    pub(super) at_residents_wish: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is over.
#[derive(InputObject)]
pub(crate) struct CloseSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What shall be charged again.
#[derive(InputObject)]
pub(crate) struct ChargeSpecialOrderAgainInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Which work is not brought to its end.
#[derive(InputObject)]
pub(crate) struct AbortSpecialOrderInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// How a dispute ends.
#[derive(InputObject)]
pub(crate) struct SettleSpecialOrderDisputeInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// What it costs in yuan, up to its price; the same as before when left out. Only while nothing
    /// was charged.
    pub(super) total: Option<Decimal>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What a household said without the app.
#[derive(InputObject)]
pub(crate) struct RecordSpecialOrderAnswerInput {
    /// The order, `sso_…`.
    pub(super) order_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Who said or signed it, `psn_…`: whose order it is, or somebody of their household.
    pub(super) person_id: ID,
    /// What was said.
    pub(super) answer: SpecialOrderAnswerKind,
    /// A picture of the signature, `att_…`, attached to this order; without one it was said on the
    /// phone.
    pub(super) attachment_id: Option<ID>,
    /// What was said besides, up to 500 characters; of a dispute, why.
    pub(super) note: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

impl QuoteSpecialOrderInput {
    pub(super) fn work(&self) -> Result<Work> {
        let materials = self.materials.iter().map(|it| {
            let price = it.price.map(|price| fen(price, "materials")).transpose()?;
            Ok(MaterialAsk { name: it.name.clone(), quantity: it.quantity, price })
        });
        Ok(Work {
            appointment: self.appointment,
            workers: self.workers,
            minutes: self.minutes,
            quantity: self.quantity,
            package: self.package,
            materials: materials.collect::<Result<_>>()?,
        })
    }
}
