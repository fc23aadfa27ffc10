//! S5: a parking space is leased from the middle of a month and given up early.

use super::{
    acts::{part, parts},
    office::{CASHIER, DESK, DIRECTOR, Office, amounts, text},
    opening::price,
};
use roster::{ParkingSpace, Person, SpaceKind, Tenure, Vehicle};
use serde_json::json;
use sheets::{Language, XlsxWriter};
use std::io::Cursor;

pub const HOME: &str = "1-1-0101";
/// Who pays for the home.
pub const WIFE: &str = "赵敏";
/// Who leases the space; an account of its own, since his wife pays for the home.
const HUSBAND: &str = "李强";
const CASH: (&str, &str) = ("CASH", "现金");

/// The owner who pays for the parking space only.
pub async fn enters_husband(it: &Office) {
    let code = it.enters_person(HUSBAND, Some("19900000022")).await;
    it.name("code of the lessee", &code);
    it.belongs(HUSBAND, HOME, ("OWNER", "2023-05-01"), false).await;
    it.is_invited(HUSBAND, HOME, "19900000022").await;
}

/// 17 June: the space comes in by a roster file; its price of 350.00 a month holds for the term of
/// the lease.
pub async fn a_space_is_leased(it: &Office) {
    let code = it.id("code of the lessee");
    let person = Person {
        code: code.clone(),
        name: HUSBAND.to_owned(),
        kind: None,
        gender: None,
        age: None,
        phone: Some("19900000022".to_owned()),
        identity: None,
    };
    let space = ParkingSpace {
        lot: "B1".to_owned(),
        code: "143".to_owned(),
        kind: Some(SpaceKind::Underground),
        area: None,
        owner: Some(code),
        tenure: Some(Tenure::Leased),
        vehicle: Some(Vehicle {
            plate: "皖A12345".to_owned(),
            brand: None,
            kind: None,
            colour: None,
        }),
    };
    let mut writer = XlsxWriter::new();
    roster::write_sheet(&mut writer, Language::Zh, [person]).unwrap();
    roster::write_sheet(&mut writer, Language::Zh, [space]).unwrap();
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    it.imports(("车位.xlsx", &file.into_inner()), "2026-06").await;
    let space = it.space("B1-143").await;
    let rent = json!({ "formula": "PER_PARKING_SPACE", "price": "350.00", "parkingSpaceId": space,
        "effectiveFrom": "2026-06-18", "effectiveTo": "2026-09-30" });
    price(it, &it.id("PARKING"), rent).await;
}

/// 18 June: 151.67 for thirteen days, 1,050.00 for the quarter ahead and 50.00 of deposit:
/// 1,251.67.
pub async fn the_first_payment(it: &Office) {
    it.bills_month("2026-06", 1, "151.67").await;
    let june = it.bill(HUSBAND, HOME, "2026-06", "151.67").await;
    assert_eq!(
        (&june["lines"][0]["from"], &june["lines"][0]["to"]),
        (&json!("2026-06-18"), &json!("2026-06-30"))
    );
    let paid = it.pays((HUSBAND, HOME), "1201.67", CASH, &[]).await;
    assert_eq!(parts(&paid), [part(&june, "PRINCIPAL", "151.67")]);
    assert_eq!(paid["prepaid"]["amount"], "1050.00");
    let card = it.asks_deposit((HUSBAND, HOME), "PARKING_CARD", "50.00").await;
    it.pays_deposit(&card, CASH).await;
    it.name("deposit of the parking card", &json!(card));
    assert_eq!(it.holds().await, "50.00");
}

/// 1 July: what was paid ahead pays the quarter.
pub async fn the_quarter_is_paid_ahead(it: &Office) {
    let bill = it.bill(HUSBAND, HOME, "2026-07", "1050.00").await;
    assert_eq!(bill["status"], "PAID");
    assert_eq!(amounts(&bill["lines"]), ["350.00"; 3]);
}

/// 20 August: eleven days of August, September and the deposit go back, 524.19.
pub async fn the_space_is_given_up(it: &Office) {
    let leaving = json!({ "accountId": it.account(HUSBAND, HOME).await, "leavesOn": "2026-08-20",
        "depositIds": [it.id("deposit of the parking card")] });
    let done = it.settles(leaving, DIRECTOR, HUSBAND).await;
    let sheet = &done["sheet"];
    assert_eq!(amounts(&sheet["unused"]), ["124.19", "350.00"]);
    assert_eq!(amounts(&sheet["deposits"]), ["50.00"]);
    assert_eq!(sheet["net"]["amount"], "524.19");
    assert_eq!(it.owes(DESK, HUSBAND, HOME).await, ["0.00"; 3]);
    // 1,251.67 came and 524.19 went: 151.67 + 350.00 + 225.81 were earned.
    assert_eq!(it.earned("PARKING").await, "727.48");
}

/// A visitor's 8.00 on common ground belong to the owners.
pub async fn a_visitor_parks(it: &Office) {
    let input = json!({ "estateId": it.estate.to_string(), "direction": "INCOME", "source": "临时停车",
        "amount": "8.00", "document": "09:10 – 15:25" });
    let made = it.does(CASHIER, "recordCommonItem", input, "commonItem { id }").await;
    let input = json!({ "id": text(&made["commonItem"]["id"]) });
    it.does(DIRECTOR, "approveCommonItem", input, "__typename").await;
    let query = "commonIncome(estateId: $estate, from: \"2026-08\", to: \"2026-08\") { closing { amount } }";
    let seen = it.sees_of_estate(DIRECTOR, query).await;
    assert_eq!(seen["commonIncome"]["closing"]["amount"], "8.00");
}
