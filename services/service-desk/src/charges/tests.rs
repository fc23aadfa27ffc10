//! Charges from the asking to the payment, billing played.

use super::{ChargeAsk, ChargeState, SOURCE, request, states};
use crate::testing::Stage;
use contracts::billing::{
    ChargeAccepted, ChargeRejected, ChargeRequested, PaymentConfirmed, Refunded,
};
use errors::Coded as _;
use events::Event as _;
use money::Fen;
use testkit::run;

async fn ask(stage: &Stage, reference: &str, amount: Fen) -> Result<(), crate::Refused> {
    let scope = stage.company.world.db("service-desk").write(stage.company.tenant).await.unwrap();
    let ask = ChargeAsk {
        reference: reference.to_owned(),
        estate: stage.estate,
        unit: None,
        payer: stage.person(),
        fee_item: "SPECIAL".to_owned(),
        amount,
        on: "2026-07-31".parse().unwrap(),
        description: "换水龙头".to_owned(),
    };
    request(&scope, ask).await?;
    Ok(scope.commit().await?)
}

async fn state(stage: &Stage, reference: &str) -> Option<ChargeState> {
    let scope = stage.company.world.db("service-desk").read(stage.company.tenant).await.unwrap();
    states(&scope, [reference.to_owned()]).await.unwrap().remove(reference)
}

async fn asked(stage: &Stage) -> Vec<ChargeRequested> {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 100_000).await.unwrap();
    let mine = all.iter().filter(|e| e.tenant == stage.company.tenant.as_uuid());
    mine.filter(|e| e.kind == ChargeRequested::KIND).map(|e| events::read(e).unwrap()).collect()
}

#[test]
fn a_charge_is_asked_once_billed_paid_in_parts_and_refunded() {
    run(async {
        let stage = Stage::new().await;
        ask(&stage, "order/1", Fen(11_300)).await.unwrap();
        ask(&stage, "order/1", Fen(99_999)).await.unwrap();
        let told = asked(&stage).await;
        assert_eq!(told.len(), 1);
        let first = (&*told[0].source, &*told[0].reference, told[0].amount);
        assert_eq!(first, ("service-desk", "order/1", Fen(11_300)));
        assert_eq!(state(&stage, "order/1").await, Some(ChargeState::Requested));
        let (source, reference) = (|| SOURCE.to_owned(), || "order/1".to_owned());
        let bill = || "bil_1".to_owned();
        let accepted = ChargeAccepted { source: source(), reference: reference(), bill: bill() };
        stage.company.tell("billing", "service-desk", &accepted).await;
        assert_eq!(state(&stage, "order/1").await, Some(ChargeState::Accepted { bill: bill() }));
        for (payment, amount, settled) in [("pay_1", 1_300, false), ("pay_2", 10_000, true)] {
            let event = PaymentConfirmed {
                source: source(),
                reference: reference(),
                payment: payment.to_owned(),
                amount: Fen(amount),
                settled,
            };
            stage.company.tell("billing", "service-desk", &event).await;
        }
        let paid = ChargeState::Paid { bill: bill(), paid: Fen(11_300) };
        assert_eq!(state(&stage, "order/1").await, Some(paid));
        let back = Refunded {
            source: source(),
            reference: reference(),
            refund: "rfd_1".to_owned(),
            amount: Fen(1_300),
        };
        stage.company.tell("billing", "service-desk", &back).await;
        let part = ChargeState::PartPaid { bill: bill(), paid: Fen(10_000) };
        assert_eq!(state(&stage, "order/1").await, Some(part));
    });
}

#[test]
fn what_billing_rejects_keeps_the_reason_and_answers_to_others_are_nothing_to_us() {
    run(async {
        let stage = Stage::new().await;
        ask(&stage, "order/2", Fen(100)).await.unwrap();
        let rejected = |source: &str| ChargeRejected {
            source: source.to_owned(),
            reference: "order/2".to_owned(),
            field: Some("fee_item".to_owned()),
            reason: "不存在 / no such item".to_owned(),
        };
        stage.company.tell("billing", "service-desk", &rejected("facilities")).await;
        assert_eq!(state(&stage, "order/2").await, Some(ChargeState::Requested));
        stage.company.tell("billing", "service-desk", &rejected(SOURCE)).await;
        let (field, reason) = (Some("fee_item".to_owned()), "不存在 / no such item".to_owned());
        let expected = ChargeState::Rejected { field, reason };
        assert_eq!(state(&stage, "order/2").await, Some(expected));
        // Another company's charge of the same reference is another charge.
        let strangers = Stage::new().await;
        assert_eq!(state(&strangers, "order/2").await, None);
        let nothing = ask(&stage, "order/3", Fen(0)).await.unwrap_err();
        assert_eq!(nothing.field(), Some("amount"));
        assert_eq!(state(&stage, "order/3").await, None);
    });
}
