//! What another company of the same installation sees: nothing.

use anyhow::{Result, ensure};
use demo::Company;
use serde_json::json;

/// Asks as every trade of `stranger` for the objects of somebody else by their ids.
pub async fn sees_nothing(
    stranger: &Company,
    estate: &str,
    ids: &[&String],
    payment: &str,
) -> Result<()> {
    let questions = [
        ("estate", "est_"),
        ("unit", "unt_"),
        ("person", "psn_"),
        ("bill", "bil_"),
        ("billingAccount", "bac_"),
        ("payment", "pay_"),
    ];
    let all = ids.iter().map(|id| id.as_str()).chain([payment]);
    for id in all {
        let kind = questions.iter().find(|(_, prefix)| id.starts_with(prefix));
        let Some((field, _)) = kind else { anyhow::bail!("{id} is an id nobody asked for") };
        let document = format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}");
        for (login, session) in &stranger.sessions {
            let answer = session.send(&document, &json!({ "id": id })).await?;
            ensure!(answer.code() == "NOT_FOUND", "{login} asks for {field}: {answer:?}");
            ensure!(answer.body["errors"][0]["message"] == "未找到", "{login}: {answer:?}");
        }
    }
    let finance = stranger.session("finance");
    for document in [
        "query($id: ID!) { verifyLedger(estateId: $id) { agrees } }",
        "query($id: ID!) { previewBillRun(estateId: $id, startMonth: \"2099-01\") { bills } }",
        "mutation($id: ID!) { startBillRun(input: { estateId: $id, startMonth: \"2099-01\", idempotencyKey: \"strangers\" }) { billRun { id } } }",
    ] {
        let answer = finance.send(document, &json!({ "id": estate })).await?;
        ensure!(answer.code() == "NOT_FOUND", "{document}: {answer:?}");
    }
    let own = finance.ask("{ estates(first: 100) { edges { node { code } } } }", json!({})).await?;
    ensure!(own["estates"]["edges"].as_array().map(Vec::len) == Some(1), "{own}");
    Ok(())
}
