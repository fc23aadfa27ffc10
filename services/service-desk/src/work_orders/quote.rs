//! Saying what work would cost, and the resident's answer.

use super::{
    WORK_ORDER_CONFIRM, WORK_ORDER_WORK, WorkOrderId,
    catalogue::{self, Price},
    domain::{Action, Line, MOST_LINES, Quote, QuoteState, WorkOrder},
    repo, say, written,
};
use crate::Refused;
use authz::Caller;
use contracts::PersonId;
use db::Db;
use errors::{expected, input};
use std::collections::BTreeMap;

/// The most of one thing in a quote.
const MOST: i64 = 9_999;

/// Quotes from the price list: what is not on it costs nothing. The clock stands until the resident
/// answers, who is told that a price waits; a second quote takes the place of one that waits. For the public part the property pays, so that nobody is asked.
#[tracing::instrument(name = "usecase.work_orders.quote", skip_all)]
pub(super) async fn quote(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    lines: &[(String, i64)],
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut order = written::held(&scope, caller, WORK_ORDER_WORK, which).await?;
    let note = input::optional("note", note, 500)?;
    if order.warranty_of.is_some() {
        return Err(Refused::Conflict(say::under_warranty()));
    }
    let prices = catalogue::prices(&scope, order.estate).await?;
    let mut quote = Quote::new(priced(lines, &prices)?);
    quote.total().ok_or_else(|| Refused::invalid("lines", expected::between(1, MOST)))?;
    if order.public_part {
        quote.state = QuoteState::Property;
        order.quote = Some(quote);
        order.version += 1;
        if !order.state.is_open() || !repo::save(&scope, &order).await? {
            return Err(Refused::Conflict(say::no_place_now()));
        }
        written::noted(&scope, caller, &order, Action::Quote, note).await?;
    } else {
        order.quoted(quote);
        written::moved(&scope, caller, &mut order, Action::Quote, note).await?;
    }
    scope.commit().await?;
    Ok(order)
}

fn priced(lines: &[(String, i64)], prices: &BTreeMap<String, Price>) -> Result<Vec<Line>, Refused> {
    if !(1..=MOST_LINES).contains(&lines.len()) {
        return Err(Refused::invalid("lines", expected::items(1, MOST_LINES)));
    }
    let line = |(code, quantity): &(String, i64)| {
        let price = prices.get(code).filter(|price| price.active);
        let price = price.ok_or_else(|| Refused::invalid("lines", expected::existing()))?;
        if !(1..=MOST).contains(quantity) {
            return Err(Refused::invalid("lines", expected::between(1, MOST)));
        }
        Ok(Line {
            code: price.code.clone(),
            name_zh: price.name_zh.clone(),
            name_en: price.name_en.clone(),
            unit: price.unit.clone(),
            kind: price.kind,
            quantity: *quantity,
            price: price.price,
            warranty_days: price.warranty_days,
        })
    };
    lines.iter().map(line).collect()
}

/// The resident agrees to a quote, or does not; then nothing of it is charged.
#[tracing::instrument(name = "usecase.work_orders.answer_quote", skip_all)]
pub(super) async fn answer(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    agrees: bool,
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    let action = if agrees { Action::AcceptQuote } else { Action::RefuseQuote };
    let person = person(caller);
    written::act(db, caller, WORK_ORDER_CONFIRM, which, (action, note), |order, now| {
        order.answered(agrees, person, now);
        Ok(())
    })
    .await
}

fn person(caller: &Caller) -> Option<PersonId> {
    match caller.subject() {
        authz::Subject::Resident { person, .. } => Some(PersonId::from_uuid(person)),
        _ => None,
    }
}
