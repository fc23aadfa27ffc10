//! The contract with other services, end to end.

use crate::stage::scene;
use contracts::billing::{
    ChargeAccepted, ChargeRejected, ChargeRequested, PaymentConfirmed, Refunded,
};
use money::Fen;
use testkit::run;

#[test]
fn a_requested_charge_is_billed_paid_and_refunded_and_its_source_hears_of_each() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("pool/card-7", 60_000).await;
        let first = scene.take(&scene.desk, &debt.account, "100", "key-0001").await.ok();
        let second = scene.take(&scene.desk, &debt.account, "500", "key-0002").await.ok();
        let id = |data: &serde_json::Value| {
            data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned()
        };
        let told: Vec<PaymentConfirmed> = scene.heard().await;
        let expected = [(id(&first), Fen(10_000), false), (id(&second), Fen(50_000), true)];
        assert_eq!(told.len(), 2);
        for (event, (payment, amount, settled)) in told.iter().zip(expected) {
            assert_eq!((&*event.source, &*event.reference), ("facilities", "pool/card-7"));
            assert_eq!((&event.payment, event.amount, event.settled), (&payment, amount, settled));
        }
        let asked = scene.ask_refund(&scene.desk, &id(&second), "120.50", "key-0003").await.ok();
        let refund = asked["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        scene.approve(&scene.director, &refund, "key-0004").await.ok();
        let told: Vec<Refunded> = scene.heard().await;
        let expected = Refunded {
            source: "facilities".to_owned(),
            reference: "pool/card-7".to_owned(),
            refund,
            amount: Fen(12_050),
        };
        assert_eq!(told, [expected]);
        assert_eq!(scene.open_of(&debt.bill).await, 12_050);
    });
}

#[test]
fn the_same_reference_is_the_same_charge() {
    run(async {
        let scene = scene().await;
        scene.owes("pool/card-7", 60_000).await;
        let again = scene.request("pool/card-7", Fen(99_999));
        scene.company.tell("facilities", "billing", &again).await;
        let accepted: Vec<ChargeAccepted> = scene.heard().await;
        assert_eq!(accepted.len(), 1);
    });
}

#[test]
fn what_cannot_be_charged_is_rejected_with_the_field_to_blame() {
    run(async {
        let scene = scene().await;
        let good = scene.request("", Fen(100));
        let uuid = || scene.stage.world.clock.uuid();
        let wrong: [(ChargeRequested, &str); 5] = [
            (ChargeRequested { amount: Fen(0), ..good.clone() }, "amount"),
            (ChargeRequested { fee_item: "NONE".to_owned(), ..good.clone() }, "fee_item"),
            (
                ChargeRequested { payer: contracts::PersonId::from_uuid(uuid()), ..good.clone() },
                "payer",
            ),
            (
                ChargeRequested {
                    unit: Some(contracts::UnitId::from_uuid(uuid())),
                    ..good.clone()
                },
                "unit",
            ),
            (ChargeRequested { estate: ids::EstateId::from_uuid(uuid()), ..good }, "estate"),
        ];
        for (n, (request, field)) in wrong.into_iter().enumerate() {
            let reference = format!("wrong-{n}");
            let request = ChargeRequested { reference: reference.clone(), ..request };
            scene.company.tell("facilities", "billing", &request).await;
            let told: Vec<ChargeRejected> = scene.heard().await;
            let told = told.into_iter().find(|event| event.reference == reference).unwrap();
            assert_eq!(told.field.as_deref(), Some(field));
        }
        let accepted: Vec<ChargeAccepted> = scene.heard().await;
        assert!(accepted.is_empty());
    });
}
