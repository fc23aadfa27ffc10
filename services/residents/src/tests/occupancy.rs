//! Who belongs to a unit: an owner after the developer, and a resident who is invited.

use super::{all_units, demo, shared_demo, world};
use contracts::residents::{
    MembersChanged, ParkingSpaceFact, ParkingSpacesChanged, PartyName, ResidentInvited,
};
use events::Event;
use serde_json::{Value, json};
use testkit::{Company, Signed, World};

#[test]
fn an_owner_takes_over_from_the_developer() {
    testkit::run(async {
        let world = world().await;
        let company = world.company();
        let estate = company.estate("NEW", "新楼").await;
        let director = company.staff("DIR", estate).await;
        let desk = company.staff("DESK", estate).await;
        let send = |who: Signed,
                    name: &'static str,
                    kind: &'static str,
                    answer: &'static str,
                    input: Value| async move {
            let document =
                format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {answer} }} }}");
            who.send("residents", &document, json!({ "input": input })).await
        };
        let e = estate.to_string();
        let building = send(
            director.clone(),
            "addBuilding",
            "AddBuildingInput",
            "building { id }",
            json!({ "estateId": e, "code": "1" }),
        )
        .await
        .ok();
        let building = &building["addBuilding"]["building"]["id"];
        let unit =
            json!({ "estateId": e, "buildingId": building, "number": "101", "grossArea": "90.00" });
        let zero =
            json!({ "estateId": e, "buildingId": building, "number": "102", "grossArea": "0" });
        let refused = send(director.clone(), "addUnit", "AddUnitInput", "unit { id }", zero).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "grossArea"));
        let unit =
            send(director.clone(), "addUnit", "AddUnitInput", "unit { id }", unit).await.ok();
        let unit = unit["addUnit"]["unit"]["id"].clone();
        let mut people = Vec::new();
        for (name, company) in [("开发公司", true), ("张三", false), ("李四", false)] {
            let input =
                json!({ "estateId": e, "name": name, "company": company, "phone": "13812345678" });
            let added = send(
                desk.clone(),
                "addPerson",
                "AddPersonInput",
                "person { id name phone }",
                input,
            )
            .await
            .ok();
            people.push(added["addPerson"]["person"].clone());
        }
        assert_eq!((&people[0]["name"], &people[1]["name"]), (&json!("开发公司"), &json!("张*")));
        assert_eq!(people[1]["phone"], "138****5678");
        let tie = |person: &Value, kind: &str, from: &str| json!({ "unitId": unit, "personId": person["id"], "kind": kind, "from": from, "pays": true });
        let begin = |input: Value| {
            send(desk.clone(), "startOccupancy", "StartOccupancyInput", "occupancy { id }", input)
        };
        begin(tie(&people[0], "DEVELOPER", "2026-01-01")).await.ok();
        begin(tie(&people[1], "OWNER", "2026-06-11")).await.ok();
        let two = begin(tie(&people[2], "OWNER", "2026-07-01")).await;
        assert_eq!((two.code(), two.field()), ("INVALID", "pays"));
        let family = begin(tie(&people[2], "FAMILY", "2026-07-01")).await;
        assert_eq!((family.code(), family.field()), ("INVALID", "pays"));
        let units = all_units(&desk, estate).await;
        assert_eq!(units[0]["household"]["payer"]["name"], "张*");

        let fact: MembersChanged = last_told(&world, &company).await;
        let members = &fact.units[0].members;
        let spans: Vec<_> = members
            .iter()
            .map(|m| (m.from.to_string(), m.to.map(|d| d.to_string()), m.pays))
            .collect();
        let developer = ("2026-01-01".to_owned(), Some("2026-06-10".to_owned()), true);
        assert_eq!(spans, [developer, ("2026-06-11".to_owned(), None, true)]);
    });
}

#[test]
fn an_invitation_shows_its_code_once_and_tells_only_the_hash() {
    testkit::run(async {
        use sha2::Digest as _;
        let (world, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let units = all_units(&desk, estate).await;
        let unit = units.iter().find(|unit| unit["label"] == "3-1-1201").unwrap();
        let person = &unit["household"]["payer"]["id"];
        let invite =
            "mutation($input: InviteResidentInput!) { inviteResident(input: $input) { code } }";
        let input = json!({ "input": { "unitId": unit["id"], "personId": person } });
        let clerk = company.staff("CLERK", estate).await;
        assert_eq!(clerk.send("residents", invite, input.clone()).await.code(), "FORBIDDEN");
        let made = desk.send("residents", invite, input).await.ok();
        let code = made["inviteResident"]["code"].as_str().unwrap();
        let told: ResidentInvited = last_told(&world, &company).await;
        assert_eq!(told.code_hash, hex::encode(sha2::Sha256::digest(code.as_bytes())));
        assert_eq!(json!(told.person.to_string()), *person);
        let other = units.iter().find(|unit| unit["label"] == "3-1-1101").unwrap();
        let foreign = json!({ "input": { "unitId": other["id"], "personId": person } });
        let foreign = desk.send("residents", invite, foreign).await;
        assert_eq!((foreign.code(), foreign.message()), ("NOT_FOUND", "not found"));
    });
}

#[test]
fn a_corrected_name_is_told_with_the_units_and_the_spaces() {
    testkit::run(async {
        let world = world().await;
        let (company, estate) = demo(&world).await;
        let desk = company.staff("DESK", estate).await;
        let spaces = "query($e: ID!) { parkingSpaces(estateId: $e, first: 100) { nodes { holder { id } } } }";
        let seen = desk.send("residents", spaces, json!({ "e": estate.to_string() })).await.ok();
        let spaces = seen["parkingSpaces"]["nodes"].as_array().unwrap();
        let holder =
            spaces.iter().find(|space| !space["holder"].is_null()).unwrap()["holder"]["id"].clone();
        let update = "mutation($input: UpdatePersonInput!) { updatePerson(input: $input) { person { name } } }";
        let input = json!({ "input": { "id": holder, "name": "欧阳小明" } });
        let made = desk.send("residents", update, input).await.ok();
        assert_eq!(made["updatePerson"]["person"]["name"], "欧阳**");
        let name = PartyName { full: "欧阳小明".to_owned(), shown: "欧阳**".to_owned() };
        let told: ParkingSpacesChanged = last_told(&world, &company).await;
        let of_holder =
            |space: &&ParkingSpaceFact| json!(space.holder.map(|id| id.to_string())) == holder;
        let mine: Vec<_> = told.spaces.iter().filter(of_holder).collect();
        assert!(
            !mine.is_empty() && mine.iter().all(|space| space.holder_name == Some(name.clone()))
        );
        let told: MembersChanged = last_told(&world, &company).await;
        let mut members = told.units.iter().flat_map(|unit| &unit.members);
        assert!(
            members.any(|member| json!(member.person.to_string()) == holder && member.name == name)
        );
    });
}

/// The newest event of a kind that a company's residents told.
async fn last_told<E: Event>(world: &World, company: &Company) -> E {
    let db = world.db("residents");
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 1_000_000).await.unwrap();
    let tenant = company.tenant.as_uuid();
    let last = all.iter().rfind(|event| event.tenant == tenant && event.kind == E::KIND);
    events::read(last.unwrap()).unwrap()
}
