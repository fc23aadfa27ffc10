//! The first day: the estate's homes and people, its prices, and the contract.

use super::{
    arrears, handover, moving_out,
    office::{DIRECTOR, FINANCE, Office, text},
    parking,
};
use serde_json::{Value, json};

/// Who lives where when the company takes the estate over.
pub async fn homes_are_entered(it: &Office) {
    it.enters_home(handover::HOME, "118.56").await;
    it.enters_person(handover::DEVELOPER, None).await;
    it.belongs(handover::DEVELOPER, handover::HOME, ("DEVELOPER", "2026-01-01"), true).await;

    it.enters_home(parking::HOME, "118.56").await;
    let owns = ("OWNER", "2023-05-01");
    it.lives(parking::WIFE, "19900000021", parking::HOME, owns, true).await;
    parking::enters_husband(it).await;

    it.enters_home(moving_out::HOME, "142.88").await;
    it.lives(moving_out::OWNER, "19900000031", moving_out::HOME, owns, true).await;
    let rents = ("LESSEE", "2026-01-01");
    it.lives(moving_out::LESSEE, "19900000032", moving_out::HOME, rents, true).await;

    for (home, owner, phone) in [
        (arrears::HOME, arrears::OWNER, "19900000041"),
        (arrears::NEXT, arrears::OTHER, "19900000042"),
    ] {
        it.enters_home(home, "67.41").await;
        it.lives(owner, phone, home, owns, true).await;
    }
}

/// The director proposes every price and finance approves it. Building 3 is charged from June on;
/// elsewhere the second quarter was billed by who managed the estate before.
pub async fn prices_are_approved(it: &Office) {
    let fee = item(it, "PROPERTY", "物业服务费", "PROPERTY_FEE").await;
    let rate = |rate: &str, from: &str| json!({ "formula": "AREA_RATE", "rate": rate, "effectiveFrom": from });
    price(it, &fee, rate("2.35", "2026-07-01")).await;
    for (building, yuan, from) in [("3", "2.35", "2026-06-01"), ("6", "2.85", "2026-07-01")] {
        let mut of_building = rate(yuan, from);
        of_building["buildingId"] = json!(it.id(&format!("building {building}")));
        price(it, &fee, of_building).await;
    }
    let water = item(it, "WATER", "水费", "PASS_THROUGH").await;
    let steps = [(Some("216"), "2.80"), (Some("300"), "3.60"), (None, "6.00")];
    let steps: Vec<Value> =
        steps.iter().map(|(up_to, yuan)| json!({ "upTo": up_to, "price": yuan })).collect();
    let tiers = json!({ "formula": "METER_TIERED", "steps": steps, "effectiveFrom": "2026-06-01" });
    price(it, &water, tiers).await;
    item(it, "PARKING", "车位租金", "PARKING").await;
    item(it, "RUBBISH", "装修垃圾清运费", "RUBBISH").await;
    item(it, "PASSES", "出入证工本费", "OTHER").await;
}

/// Bills by the quarter, due on the 15th; a late fee of 0.05 % a day, at most 30 %; invoices.
pub async fn the_contract_is_entered(it: &Office) {
    let estate = it.estate.to_string();
    let terms = json!({ "estateId": estate, "cycle": "QUARTER", "dueDay": 15,
        "cutOverMonth": "2026-06" });
    it.sets(FINANCE, "setBillingTerms", terms, "__typename").await;
    let late =
        json!({ "estateId": estate, "from": "2026-01-01", "dailyRate": "0.0005", "cap": "0.3" });
    let set = it.sets(FINANCE, "setLateFeeTerms", late, "warnings").await;
    assert_eq!(set["warnings"], json!([]));
    let seller = json!({ "name": "翠湖物业服务有限公司(演示)", "taxNumber": "91350100M000100Y43",
        "address": "合肥市经济技术开发区(演示)", "phone": "0551-65000000", "bank": "演示银行",
        "bankAccount": "6222000011112222" });
    it.sets(FINANCE, "setInvoiceSeller", seller, "__typename").await;
    taxed(it, &it.id("PROPERTY"), "3040801010000000000", "*物业管理服务*物业费").await;
}

/// What is invoiced of a fee item, at 6 %.
pub async fn taxed(it: &Office, item: &str, code: &str, name: &str) {
    let class = json!({ "feeItemId": item, "from": "2026-01-01", "rate": "0.06", "code": code,
        "name": name });
    it.sets(FINANCE, "setInvoiceTaxClass", class, "__typename").await;
}

/// A fee item that the director makes; its id.
pub async fn item(it: &Office, code: &str, name: &str, kind: &str) -> String {
    let mut input = json!({ "estateId": it.estate.to_string(), "code": code, "nameZh": name,
        "nameEn": code, "kind": kind });
    if kind == "PASS_THROUGH" {
        input["partner"] = json!("自来水公司");
    }
    let made = it.sets(DIRECTOR, "createFeeItem", input, "feeItem { id }").await;
    it.name(code, &made["feeItem"]["id"])
}

/// A price that the director proposes and finance approves.
pub async fn price(it: &Office, item: &str, mut terms: Value) {
    terms["feeItemId"] = json!(item);
    let made = it.sets(DIRECTOR, "proposeFeeStandard", terms, "feeStandard { id }").await;
    let id = text(&made["feeStandard"]["id"]);
    it.sets(FINANCE, "approveFeeStandard", json!({ "id": id }), "__typename").await;
}
