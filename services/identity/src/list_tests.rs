//! No list costs a statement a row: each is asked of a company with few rows and of one with many.

use crate::{
    companies::tests::operator,
    fixture::{Office, own_world},
};
use chrono::Duration;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use testkit::{
    lists::{FEW, MANY, assert_flat, list_fields},
    run,
};

/// A field, where its rows are in the answer, and the document.
type List = (&'static str, &'static str, &'static str);

const LISTS: [List; 9] = [
    ("estates", "/estates/edges", "{ estates(first: 100) { edges { node { id code } } } }"),
    (
        "staff",
        "/staff/edges",
        "{ staff(first: 100) { edges { node { id login position { code } grants { role estateId } } } } }",
    ),
    ("colleagues", "/colleagues", "{ colleagues(ids: STAFF) { name } }"),
    ("positions", "/positions", "{ positions { id code } }"),
    ("roles", "/roles", "{ roles { code permissions { permission } } }"),
    ("sessions", "/sessions", "{ sessions { id } }"),
    ("auditLog", "/auditLog/edges", "{ auditLog(first: ROWS) { edges { node { action } } } }"),
    ("apiClients", "/apiClients", "{ apiClients { id name perMinute } }"),
    ("supportGrants", "/supportGrants", "{ supportGrants { id } }"),
];

struct Company {
    office: Office,
    token: String,
    rows: usize,
    staff: Value,
}

impl Company {
    async fn make(world: Arc<testkit::World>, rows: usize) -> Self {
        let office = Office::open_in(world).await;
        let operator = operator(&office).await;
        let mut token = String::new();
        for number in 0..rows {
            token = office.sign_in("admin").await.access;
            row(&office, &token, number).await;
            let path = format!("/auth/platform/companies/{}/support", office.code);
            let ask = json!({ "reason": "bill run fails", "hours": 2 });
            office.http("POST", &path, &[("authorization", &operator)], &ask).await;
        }
        let seen = office.send(&token, "{ staff(first: 100) { nodes { id } } }", json!({})).await;
        let seen = seen.ok();
        let nodes = seen["staff"]["nodes"].as_array().unwrap();
        let staff = nodes.iter().map(|one| one["id"].clone()).collect();
        Self { office, token, rows, staff }
    }

    async fn ask(&self, document: &str) -> testkit::Answer {
        let document = document.replace("ROWS", &self.rows.to_string());
        let document = document.replace("STAFF", &self.staff.to_string());
        self.office.send(&self.token, &document, json!({})).await
    }
}

/// One more of everything.
async fn row(office: &Office, token: &str, number: usize) {
    let until = office.world.clock.now() + Duration::days(30);
    let code = format!("X{number}");
    let acts: [(&str, &str, &str, Value); 5] = [
        (
            "createEstate",
            "CreateEstateInput",
            "estate { id }",
            json!({ "code": code, "name": "x", "address": "y" }),
        ),
        (
            "addStaff",
            "AddStaffInput",
            "staff { id }",
            json!({ "login": format!("x{number}"), "name": "x" }),
        ),
        (
            "createPosition",
            "CreatePositionInput",
            "position { id }",
            json!({ "code": code, "nameZh": "x", "nameEn": "x" }),
        ),
        (
            "createRole",
            "CreateRoleInput",
            "role { code }",
            json!({ "code": code, "name": "x", "permissions": [{ "permission": "bill.read", "reach": "ALL" }] }),
        ),
        (
            "createApiClient",
            "CreateApiClientInput",
            "apiClient { id }",
            json!({ "name": "ERP", "expiresAt": until,
                "roles": [{ "role": "DIR", "estateId": office.estate("AJ").to_string() }] }),
        ),
    ];
    for (act, of, fields, input) in acts {
        let document = format!("mutation($input: {of}!) {{ {act}(input: $input) {{ {fields} }} }}");
        office.send(token, &document, json!({ "input": input })).await.ok();
    }
}

#[test]
fn no_list_costs_a_statement_a_row() {
    run(async {
        // A world of its own: statements are counted per database.
        let world = own_world().await;
        let few = Company::make(Arc::clone(&world), FEW).await;
        let many = Company::make(Arc::clone(&world), MANY).await;
        for (name, rows, document) in LISTS {
            assert_flat(
                (&world, "identity"),
                (name, rows),
                || few.ask(document),
                || many.ask(document),
            )
            .await;
        }
    });
}

#[test]
fn every_list_is_asked() {
    let sdl = include_str!("../schema.graphql");
    let asked: BTreeSet<String> = LISTS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(list_fields(sdl, "Query").into_iter().collect::<BTreeSet<_>>(), asked);
}
