//! Homes, who belongs to them, and their accounts.

use super::office::{ADMIN, DESK, DIRECTOR, FINANCE, Office, text};
use serde_json::{Value, json};

const RESIDENTS: &str = "residents";

impl Office {
    /// The director enters a home such as `3-1-1201`, and its building if it is the first there.
    pub async fn enters_home(&self, label: &str, area: &str) {
        let parts: Vec<&str> = label.split('-').collect();
        let [building, entrance, number] = parts[..] else { panic!("{label} is no home") };
        let estate = self.estate.to_string();
        let name = format!("building {building}");
        let known = self.known.lock().contains_key(&name);
        if !known {
            let input = json!({ "estateId": estate, "code": building });
            let by = (DIRECTOR, RESIDENTS);
            let made = self.does_in(by, "addBuilding", input, "building { id }").await;
            self.name(&name, &made["building"]["id"]);
        }
        let input = json!({ "estateId": estate, "buildingId": self.id(&name), "entrance": entrance,
            "number": number, "grossArea": area, "usedAs": "RESIDENTIAL", "state": "IN_USE" });
        let made = self.does_in((DIRECTOR, RESIDENTS), "addUnit", input, "unit { id label }").await;
        assert_eq!(made["unit"]["label"], label);
        self.name(label, &made["unit"]["id"]);
    }

    /// The desk enters a person, or a company that has no phone.
    pub async fn enters_person(&self, name: &str, phone: Option<&str>) -> Value {
        let input = json!({ "estateId": self.estate.to_string(), "name": name, "phone": phone,
            "company": phone.is_none() });
        let made = self.does_in((DESK, RESIDENTS), "addPerson", input, "person { id code }").await;
        self.name(name, &made["person"]["id"]);
        made["person"]["code"].clone()
    }

    /// The desk enters that somebody belongs to a home from a day on.
    pub async fn belongs(&self, name: &str, label: &str, (kind, from): (&str, &str), pays: bool) {
        let input = json!({ "unitId": self.id(label), "personId": self.id(name), "kind": kind,
            "from": from, "pays": pays });
        let by = (DESK, RESIDENTS);
        let made = self.does_in(by, "startOccupancy", input, "occupancy { id }").await;
        self.name(&format!("{name} in {label}"), &made["occupancy"]["id"]);
    }

    /// The desk enters the last day on which somebody belongs to a home.
    pub async fn leaves_home(&self, name: &str, label: &str, to: &str) {
        let input = json!({ "id": self.id(&format!("{name} in {label}")), "to": to });
        self.does_in((DESK, RESIDENTS), "endOccupancy", input, "occupancy { id }").await;
    }

    /// The desk invites somebody, who opens an account.
    pub async fn is_invited(&self, name: &str, label: &str, phone: &str) {
        let input = json!({ "unitId": self.id(label), "personId": self.id(name) });
        let by = (DESK, RESIDENTS);
        let made = self.does_in(by, "inviteResident", input, "code").await;
        self.signs_up(name, &text(&made["code"]), phone).await;
    }

    /// A person with an account who belongs to a home.
    pub async fn lives(&self, name: &str, phone: &str, label: &str, as_: (&str, &str), pays: bool) {
        self.enters_person(name, Some(phone)).await;
        self.belongs(name, label, as_, pays).await;
        self.is_invited(name, label, phone).await;
    }

    /// The administrator lets a roster file in.
    pub async fn imports(&self, file: (&str, &[u8]), cut_over: &str) {
        let file = self.uploads(ADMIN, file).await;
        let input = json!({ "estateId": self.estate.to_string(), "fileId": file,
            "cutOverMonth": cut_over });
        let by = (ADMIN, RESIDENTS);
        let import = self.does_in(by, "startImport", input, "import { id }").await;
        let id = import["import"]["id"].clone();
        let state = "query($id: ID!) { import(id: $id) { state errors undecided } }";
        let seen = || async {
            let id = json!({ "id": id });
            self.send(ADMIN, RESIDENTS, state, id).await.ok()["import"].take()
        };
        let good = json!({ "state": "ANALYSED", "errors": 0, "undecided": 0 });
        self.becomes("the file is read", good, seen).await;
        let input = json!({ "id": id, "rows": "ALL", "choices": [] });
        self.does_in(by, "confirmImport", input, "import { id }").await;
        let done = json!("DONE");
        self.becomes("the file is let in", done, || async { seen().await["state"].take() }).await;
    }

    /// A parking space as residents knows it.
    pub async fn space(&self, label: &str) -> Value {
        let query =
            "query($id: ID!) { parkingSpaces(estateId: $id, first: 100) { nodes { id label } } }";
        let id = json!({ "id": self.estate.to_string() });
        let seen = self.send(DIRECTOR, RESIDENTS, query, id).await.ok();
        let all = seen["parkingSpaces"]["nodes"].as_array().unwrap().clone();
        all.into_iter().find(|it| it["label"] == label).unwrap()["id"].clone()
    }

    /// The account of somebody for a home.
    pub async fn account(&self, name: &str, label: &str) -> String {
        let query = "query($id: ID!) { _entities(representations: [{ __typename: \"Unit\", id: $id }]) \
                     { ... on Unit { billingAccounts { id partyId } } } }";
        let seen = self.sees(FINANCE, query, json!({ "id": self.id(label) })).await;
        let all = seen["_entities"][0]["billingAccounts"].as_array().unwrap();
        let party = json!(self.id(name));
        let mine = all.iter().find(|it| it["partyId"] == party);
        text(&mine.unwrap_or_else(|| panic!("{name} has no account for {label}"))["id"])
    }

    /// The one bill of somebody for a home that begins with a month and comes to an amount.
    pub async fn bill(&self, name: &str, label: &str, month: &str, total: &str) -> Value {
        let query = "query($id: ID!) { billingAccount(id: $id) { bills(first: 100) { nodes { id status \
                     firstMonth lastMonth issuedOn due total { amount } outstanding { amount } \
                     lines { month from to amount { amount } wordsEn } } } } }";
        let id = json!({ "id": self.account(name, label).await });
        let seen = self.sees(FINANCE, query, id).await;
        let all = seen["billingAccount"]["bills"]["nodes"].as_array().unwrap();
        let mine = |it: &&Value| it["firstMonth"] == month && it["total"]["amount"] == total;
        let found: Vec<&Value> = all.iter().filter(mine).collect();
        assert_eq!(found.len(), 1, "{name} {label} {month} {total}: {all:?}");
        found[0].clone()
    }

    /// What somebody owes for a home: principal, late fee and both, today.
    pub async fn owes(&self, who: &str, name: &str, label: &str) -> [String; 3] {
        let query = "query($id: ID!) { billingAccount(id: $id) { owed { principal { amount } \
                     lateFee { amount } total { amount } } } }";
        let id = json!({ "id": self.account(name, label).await });
        let owed = self.sees(who, query, id).await["billingAccount"]["owed"].take();
        ["principal", "lateFee", "total"].map(|part| text(&owed[part]["amount"]))
    }
}
