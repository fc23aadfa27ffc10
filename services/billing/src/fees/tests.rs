//! The life of a price and which one applies.

use super::*;
use crate::{
    charges::{BillingMonth, Formula, Proration},
    ids::{BuildingId, FeeItemId, FeeStandardId, PartnerId, UnitId, UserId},
    ledger::Account,
};
use chrono::NaiveDate;
use errors::{Code, Coded};
use ids::EstateId;
use money::{Fen, Rate};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn user(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(n))
}

fn terms(rate: i64, scope: Scope, from: &str) -> NewStandard {
    NewStandard {
        item: FeeItemId::from_uuid(Uuid::from_u128(1)),
        scope,
        formula: Formula::AreaRate { rate: Rate(rate), surcharge: Fen::ZERO },
        proration: Proration::ActualDays,
        from: day(from),
        to: None,
    }
}

fn proposed(id: u128, terms: NewStandard) -> FeeStandard {
    let draft = FeeStandard::draft(FeeStandardId::from_uuid(Uuid::from_u128(id)), terms).unwrap();
    draft.propose(user(1), day("2026-01-01")).unwrap()
}

fn approved(id: u128, terms: NewStandard) -> FeeStandard {
    proposed(id, terms).approve(user(2), day("2026-01-01"), &[]).unwrap().approved
}

#[test]
fn the_proposer_cannot_approve() {
    let standard = proposed(1, terms(2_350_000, Scope::default(), "2026-07-01"));
    let refused = standard.clone().approve(user(1), day("2026-06-01"), &[]).unwrap_err();
    assert_eq!(
        (refused.clone(), refused.code()),
        (FeeError::ProposerCannotApprove, Code::Forbidden)
    );
    let approval = standard.approve(user(2), day("2026-06-01"), &[]).unwrap();
    assert_eq!(approval.approved.approved_on, Some(day("2026-06-01")));
    assert_eq!(approval.approved.phase(day("2026-06-30")), Phase::Approved);
    assert_eq!(approval.approved.phase(day("2026-07-01")), Phase::Effective);
}

#[test]
fn a_rate_never_applies_before_its_approval() {
    let standard = proposed(1, terms(2_350_000, Scope::default(), "2026-07-01"));
    let refused = standard.approve(user(2), day("2026-07-02"), &[]).unwrap_err();
    assert_eq!((refused.code(), refused.field()), (Code::Invalid, Some("effectiveFrom")));
}

#[test]
fn approving_a_version_ends_the_one_before_and_leaves_other_scopes_alone() {
    let shops = Scope { unit_use: Some(UnitUse::Shop), ..Scope::default() };
    let old = approved(1, terms(2_350_000, Scope::default(), "2026-01-01"));
    let shop = approved(2, terms(4_500_000, shops, "2026-01-01"));
    let new = proposed(3, terms(2_500_000, Scope::default(), "2026-07-15"));
    let approval = new.approve(user(2), day("2026-07-01"), &[old.clone(), shop]).unwrap();
    assert_eq!(approval.ended.len(), 1);
    assert_eq!(approval.ended[0].id, old.id);
    assert_eq!(approval.ended[0].last_day(), Some(day("2026-07-14")));
    assert_eq!(approval.ended[0].phase(day("2026-07-15")), Phase::Superseded);
}

#[test]
fn a_version_that_begins_before_an_approved_one_is_refused_unless_it_ends_in_time() {
    let later = approved(1, terms(2_500_000, Scope::default(), "2026-09-01"));
    let mut open = terms(2_400_000, Scope::default(), "2026-07-01");
    let refused =
        proposed(2, open.clone()).approve(user(2), day("2026-06-01"), std::slice::from_ref(&later));
    assert_eq!(refused, Err(FeeError::Overlaps(day("2026-09-01"))));
    open.to = Some(day("2026-08-31"));
    let approval = proposed(2, open).approve(user(2), day("2026-06-01"), &[later]).unwrap();
    assert!(approval.ended.is_empty());
}

#[test]
fn a_standard_can_be_withdrawn_only_before_it_takes_effect() {
    let standard = approved(1, terms(2_350_000, Scope::default(), "2026-07-01"));
    let wrong = standard.clone().withdraw(day("2026-07-01"), &[]);
    assert_eq!(wrong, Err(FeeError::WrongState(Phase::Effective)));
    let gone = standard.withdraw(day("2026-06-30"), &[]).unwrap().withdrawn;
    assert_eq!(gone.phase(day("2026-07-01")), Phase::Withdrawn);
    let again = gone.clone().propose(user(1), day("2026-07-01"));
    assert_eq!(again, Err(FeeError::WrongState(Phase::Withdrawn)));
    assert!(gone.approve(user(2), day("2026-06-30"), &[]).is_err());
}

#[test]
fn withdrawing_a_successor_reopens_the_version_before_until_the_next_one() {
    let today = day("2026-06-01");
    let old = approved(1, terms(2_350_000, Scope::default(), "2026-01-01"));
    let middle = proposed(2, terms(2_500_000, Scope::default(), "2026-08-01"));
    let step = middle.approve(user(2), today, &[old]).unwrap();
    let (middle, old) = (step.approved, step.ended[0].clone());
    let alone = middle.clone().withdraw(today, std::slice::from_ref(&old)).unwrap();
    assert_eq!(alone.reopened[0].last_day(), None);

    let last = proposed(3, terms(2_600_000, Scope::default(), "2026-10-01"));
    let step = last.approve(user(2), today, &[old.clone(), middle]).unwrap();
    assert_eq!(step.ended.len(), 1);
    let middle = step.ended[0].clone();
    let gone = middle.withdraw(today, &[old.clone(), step.approved]).unwrap();
    assert_eq!(gone.reopened.len(), 1);
    assert_eq!(gone.reopened[0].id, old.id);
    assert_eq!(gone.reopened[0].last_day(), Some(day("2026-09-30")));
}

#[test]
fn wrong_terms_name_their_field() {
    let id = FeeStandardId::from_uuid(Uuid::from_u128(1));
    let mut wrong = terms(-1, Scope::default(), "2026-07-01");
    assert_eq!(FeeStandard::draft(id, wrong.clone()).unwrap_err().field, "formula");
    wrong.formula = Formula::FixedPerUnit { price: Fen(100_000_001) };
    assert_eq!(FeeStandard::draft(id, wrong.clone()).unwrap_err().field, "formula");
    wrong.formula = Formula::FixedPerUnit { price: Fen(100) };
    wrong.to = Some(day("2026-06-30"));
    assert_eq!(FeeStandard::draft(id, wrong).unwrap_err().field, "effectiveTo");
}

#[test]
fn the_most_specific_price_wins_and_a_change_cuts_the_month() {
    let building = BuildingId::from_uuid(Uuid::from_u128(6));
    let unit = UnitId::from_uuid(Uuid::from_u128(7));
    let scope = Scope::default();
    let standards = [
        approved(1, terms(2_350_000, scope, "2026-01-01")),
        approved(2, terms(2_850_000, Scope { building: Some(building), ..scope }, "2026-01-01")),
        approved(
            3,
            terms(4_500_000, Scope { unit_use: Some(UnitUse::Shop), ..scope }, "2026-01-01"),
        ),
        approved(4, terms(1_000_000, Scope { unit: Some(unit), ..scope }, "2026-07-11")),
        proposed(5, terms(9_000_000, Scope { unit: Some(unit), ..scope }, "2026-01-01")),
    ];
    let july: BillingMonth = "2026-07".parse().unwrap();
    let chosen = |building, unit_use, unit| {
        let target = Target { building, unit_use, unit };
        let versions = select(&standards, &target, july);
        versions.iter().map(|v| (v.id.as_uuid().as_u128(), v.from, v.to)).collect::<Vec<_>>()
    };
    let whole = |id: u128| vec![(id, july.first(), Some(july.last()))];
    let other = UnitId::from_uuid(Uuid::from_u128(8));
    assert_eq!(chosen(None, UnitUse::Home, other), whole(1));
    assert_eq!(chosen(Some(building), UnitUse::Home, other), whole(2));
    assert_eq!(chosen(Some(building), UnitUse::Shop, other), whole(3));
    let cut =
        vec![(2, july.first(), Some(day("2026-07-10"))), (4, day("2026-07-11"), Some(july.last()))];
    assert_eq!(chosen(Some(building), UnitUse::Home, unit), cut);
}

#[test]
fn a_fee_item_knows_where_its_money_belongs() {
    let item = FeeItem {
        id: FeeItemId::from_uuid(Uuid::from_u128(1)),
        estate: EstateId::from_uuid(Uuid::from_u128(9)),
        code: "PROPERTY".to_owned(),
        name_zh: "物业费".to_owned(),
        name_en: "Property fee".to_owned(),
        kind: FeeKind::PropertyFee,
        partner: None,
    };
    assert_eq!(item.clone().checked().unwrap().income_account(), Account::Revenue(item.id));
    let common = FeeItem { kind: FeeKind::CommonParking, ..item.clone() };
    assert_eq!(common.income_account(), Account::CommonIncome);
    let partner = PartnerId::from_uuid(Uuid::from_u128(2));
    let water = FeeItem { kind: FeeKind::PassThrough, partner: Some(partner), ..item.clone() };
    assert_eq!(water.checked().unwrap().income_account(), Account::PartnerPayable(partner));
    let field = |item: FeeItem| item.checked().unwrap_err().field;
    assert_eq!(field(FeeItem { kind: FeeKind::PassThrough, ..item.clone() }), "partner");
    assert_eq!(field(FeeItem { code: "x".to_owned(), ..item.clone() }), "code");
    assert_eq!(field(FeeItem { name_en: " ".to_owned(), ..item }), "nameEn");
}

/// From the front door.
mod front_door {
    use crate::testing::Stage;
    use serde_json::json;
    use testkit::run;

    #[test]
    fn a_price_takes_one_who_proposes_and_another_who_approves() {
        run(async {
            let stage = Stage::new().await;
            let item = stage.item("PROPERTY", "PROPERTY_FEE").await;
            let price = json!({ "feeItemId": item, "formula": "AREA_RATE", "rate": "2.35", "effectiveFrom": "2026-08-01" });
            let proposed = stage.propose(price).await.ok();
            let standard = &proposed["proposeFeeStandard"]["feeStandard"];
            assert_eq!(standard["phase"], "PROPOSED");
            let id = standard["id"].as_str().unwrap();
            let approve = "mutation($id: ID!) { approveFeeStandard(input: { id: $id }) { feeStandard { phase } } }";
            let own = stage.director.send("billing", approve, json!({ "id": id })).await;
            assert_eq!(
                (own.code(), own.message()),
                ("FORBIDDEN", "the permission `fee.approve` is missing")
            );
            let approved = stage.approve(id).await.ok();
            assert_eq!(approved["approveFeeStandard"]["feeStandard"]["phase"], "APPROVED");
            assert_eq!(stage.approve(id).await.code(), "CONFLICT");
        });
    }

    #[test]
    fn a_price_of_the_past_is_refused_by_its_field_and_a_strangers_item_is_missing() {
        run(async {
            let stage = Stage::new().await;
            let item = stage.item("PROPERTY", "PROPERTY_FEE").await;
            let price = |item: &str, rate: &str, from: &str| json!({ "feeItemId": item, "formula": "AREA_RATE", "rate": rate, "effectiveFrom": from });
            let past = stage.propose(price(&item, "2.35", "2026-06-01")).await.ok();
            let id = past["proposeFeeStandard"]["feeStandard"]["id"].as_str().unwrap();
            let refused = stage.approve(id).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", "effectiveFrom"));
            let mut odd = price(&item, "2.35", "2026-08-01");
            odd["formula"] = json!("PER_WINDOW");
            let odd = stage.propose(odd).await;
            assert_eq!((odd.code(), odd.field()), ("INVALID", "formula"));
            let stranger = Stage::new().await;
            let foreign = stranger.propose(price(&item, "2.35", "2026-08-01")).await;
            assert_eq!((foreign.code(), foreign.message()), ("NOT_FOUND", "not found"));
        });
    }
}
