//! A referral as rows for other programs. Pure.

use super::repo::{Debt, Referral};
use crate::dunning::actions::{Action, Attached};
use money::Fen;
use serde_json::{Value, json};

/// The head of the rows.
const HEAD: [&str; 10] = [
    "kind",
    "id",
    "from",
    "to",
    "day",
    "principal",
    "late_fee",
    "channel",
    "evidence",
    "reference",
];

/// Debts and contacts with their evidence as CSV: one row a fact, formulas disarmed.
pub(crate) fn csv(debts: &[Debt], actions: &[Action], attached: &Attached) -> String {
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    rows.extend(debts.iter().map(|debt| {
        vec![
            "debt".to_owned(),
            debt.bill.to_string(),
            debt.first_month.format("%Y-%m").to_string(),
            debt.last_month.format("%Y-%m").to_string(),
            debt.due.to_string(),
            debt.principal.to_string(),
            debt.late_fee.to_string(),
            String::new(),
            String::new(),
            debt.barred_on.to_string(),
        ]
    }));
    rows.extend(actions.iter().map(|action| {
        let delivered = attached.delivered.get(&action.id);
        vec![
            "action".to_owned(),
            action.id.to_string(),
            String::new(),
            String::new(),
            action.happened_on.to_string(),
            action.demanded.to_string(),
            Fen::ZERO.to_string(),
            word(action.channel),
            delivered.map(|it| word(it.evidence)).unwrap_or_default(),
            delivered.map(|it| it.reference.clone()).unwrap_or_default(),
        ]
    }));
    let line = |row: Vec<String>| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
    rows.into_iter().map(line).collect::<Vec<_>>().join("\r\n") + "\r\n"
}

/// The same, with the contract's terms, as JSON.
pub(crate) fn json(
    referral: &Referral,
    debts: &[Debt],
    actions: &[Action],
    attached: &Attached,
) -> Value {
    let debts = debts.iter().map(|debt| {
        json!({ "billId": debt.bill.to_string(), "firstMonth": debt.first_month.format("%Y-%m").to_string(),
            "lastMonth": debt.last_month.format("%Y-%m").to_string(), "due": debt.due,
            "principal": debt.principal.to_string(), "lateFee": debt.late_fee.to_string(),
            "barredOn": debt.barred_on })
    });
    let actions = actions.iter().map(|action| {
        let delivered = attached.delivered.get(&action.id).map(|it| {
            json!({ "at": it.at, "evidence": it.evidence, "reference": it.reference })
        });
        json!({ "id": action.id.to_string(), "step": action.step, "channel": action.channel,
            "happenedAt": action.happened_at, "script": action.script,
            "demanded": action.demanded.to_string(), "reply": action.reply, "delivered": delivered })
    });
    json!({ "id": referral.id.to_string(), "accountId": referral.account.to_string(),
        "claimed": referral.claimed.to_string(), "contractTerms": referral.contract_terms,
        "note": referral.note, "debts": debts.collect::<Vec<_>>(),
        "actions": actions.collect::<Vec<_>>() })
}

fn word(of: impl serde::Serialize) -> String {
    db::stored::word(of).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula.
fn quoted(cell: &str) -> String {
    let armed = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if armed { format!("'{cell}") } else { cell.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_and_disarmed() {
        assert_eq!(quoted("SF-1"), "SF-1");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
