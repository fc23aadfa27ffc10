//! Of month close, reports, exports and what is the owners'.

use super::{List, Rows, Who};
use chrono::{Months, NaiveDate};
use serde_json::json;

pub(super) fn lists() -> Vec<List> {
    use Who::Finance;
    vec![
        (
            "Query.bookMonths",
            "/bookMonths/edges",
            Finance,
            "bookMonths(estateId: $estate, first: 100) { edges { node { month state } } }",
        ),
        (
            "Query.reportEntries",
            "/reportEntries/edges",
            Finance,
            "reportEntries(estateId: $estate, month: \"2026-07\", figure: { section: ACCOUNT, code: \"1001\" }, first: ROWS) { edges { node { id lines { amount { amount } } } } }",
        ),
        (
            "Query.bookExports",
            "/bookExports/edges",
            Finance,
            "bookExports(estateId: $estate, first: 100) { edges { node { id state link } } }",
        ),
        (
            "Query.commonItems",
            "/commonItems/edges",
            Finance,
            "commonItems(estateId: $estate, first: 100) { edges { node { id state } } }",
        ),
        (
            "Query.fundApplications",
            "/fundApplications/edges",
            Finance,
            "fundApplications(estateId: $estate, first: 100) { edges { node { id passed } } }",
        ),
        (
            "Query.fundRecords",
            "/fundRecords/edges",
            Finance,
            "fundRecords(estateId: $estate, first: 100) { edges { node { id kind } } }",
        ),
        (
            "Query.disclosures",
            "/disclosures/edges",
            Finance,
            "disclosures(estateId: $estate, first: 100) { edges { node { id sheet { rates { code } } } } }",
        ),
    ]
}

impl Rows {
    /// A month of the books, and a row of everything that is the owners'.
    pub(super) async fn close_and_disclose(&self, number: usize) {
        let stage = &self.stage;
        let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
        let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let month = first + Months::new(u32::try_from(number).unwrap());
        let sql = "INSERT INTO book_months (tenant_id, estate_id, month, state, version) \
                   VALUES ($1, $2, $3, 'CLOSING', 0)";
        scope.execute(sql, [stage.estate.as_uuid().into(), month.into()]).await.unwrap();
        scope.commit().await.unwrap();
        let acts = [
            (
                "recordCommonItem",
                json!({ "direction": "INCOME", "source": "广告", "amount": "1.00", "document": "x" }),
            ),
            (
                "recordFund",
                json!({ "kind": "TOP_UP", "day": "2026-07-31", "amount": "1.00", "document": "x" }),
            ),
            (
                "recordFundApplication",
                json!({ "purpose": "x", "amount": "1.00", "votedOn": "2026-07-31",
                "document": "x", "totalArea": "3", "totalHeads": 3, "joinedArea": "2", "joinedHeads": 2,
                "agreedArea": "2", "agreedHeads": 2 }),
            ),
            (
                "exportBooks",
                json!({ "kind": "JOURNAL", "format": "CSV", "from": "2026-07", "to": "2026-07" }),
            ),
            ("publishDisclosure", json!({ "from": "2026-07", "to": "2026-07" })),
        ];
        for (field, mut input) in acts {
            input["estateId"] = json!(stage.estate.to_string());
            input["idempotencyKey"] = json!(stage.id().to_string());
            let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
            let text =
                format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ __typename }} }}");
            let who = if field == "publishDisclosure" { &stage.director } else { &stage.finance };
            who.send("billing", &text, json!({ "input": input })).await.ok();
        }
    }
}
