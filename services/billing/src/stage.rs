//! The stage of this service's tests with money: the service, a stateful payment provider of its
//! own for each test, and an estate with people who owe something.

use crate::{payments::Channel, service, webhooks::waiting_and_all};
use ::payments::{IdempotencyKey, Merchant, Outcome, PaymentProvider as _, RefundRequest};
use axum::{Router, extract::Request, middleware::map_request};
use contracts::{
    BuildingId, PersonId, UnitId,
    billing::{ChargeAccepted, ChargeRejected, ChargeRequested},
    residents::{
        MemberFact, MemberKind, MembersChanged, PartyName, UnitFact, UnitMembers, UnitUse,
        UnitsChanged,
    },
};
use events::Event;
use fake_stripe::{Endpoint, FakeStripe, Kind};
use ids::{EstateId, TenantId};
use money::{Area, Fen};
use serde_json::{Value, json};
use std::{future::Future, sync::Arc};
use stripe_client::{StripeConfig, StripeProvider};
use testkit::{Answer, Company, Signed, World, eventually, mail::Sink};
use tokio::net::TcpListener;

pub(crate) const PLATFORM_KEY: &str = "sk_test_platform";
/// Keys of a company of its own at the provider.
pub(crate) const OWN_KEY: &str = "sk_test_own";
pub(crate) const OWN_ACCOUNT: &str = "acct_own";
pub(crate) const OWN_SECRET: &str = "whsec_own";

/// The service and its provider.
pub(crate) struct Stage {
    pub world: Arc<World>,
    pub stripe: FakeStripe,
    pub mail: Sink,
    /// Where the service's routes are reached from outside.
    pub url: String,
    /// Where the provider is.
    pub api: String,
}

/// An estate and who is in it.
pub(crate) struct Scene {
    pub stage: Stage,
    pub company: Company,
    pub estate: EstateId,
    pub unit: UnitId,
    pub person: PersonId,
    pub owner: Signed,
    pub desk: Signed,
    pub cashier: Signed,
    pub director: Signed,
    pub finance: Signed,
}

/// Somebody's debt.
#[derive(Clone, Debug)]
pub(crate) struct Debt {
    pub bill: String,
    pub account: String,
}

impl Stage {
    pub async fn new() -> Self {
        let provider = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outside = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
        let (api, url) = (at(&provider), at(&outside));
        let post = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let smtp = format!("smtp://{}", post.local_addr().unwrap());
        let mail = Sink::default();
        tokio::spawn(mail.clone().serve(post));
        let extra = [
            ("STRIPE_SECRET_KEY", PLATFORM_KEY),
            ("STRIPE_WEBHOOK_SECRET", "whsec_old, whsec_platform"),
            ("STRIPE_API_URL", &format!("{api}/")),
            ("STRIPE_TIMEOUT_SECONDS", "1"),
            ("PUBLIC_URL", "https://estate.example"),
            ("SMTP_URL", &smtp),
            ("MAIL_FROM", "Estate <mail@estate.example>"),
        ];
        let world = Arc::new(World::start(vec![service()], &extra).await);
        let stripe = FakeStripe::builder(world.clock.clone())
            .key(PLATFORM_KEY, "acct_platform")
            .key(OWN_KEY, OWN_ACCOUNT)
            .base_url(&api)
            .back_off(std::time::Duration::from_millis(20))
            .endpoint(Endpoint {
                account: "acct_platform".to_owned(),
                url: format!("{url}/webhooks/stripe/platform"),
                secret: "whsec_platform".to_owned(),
                connect: true,
            })
            .start()
            .unwrap();
        let stop = world.running.stopping();
        tokio::spawn(stop.run_until_cancelled_owned(stripe.clone().serve(provider)));
        tokio::spawn(serve(outside, &world));
        Self { world, stripe, mail, url, api: format!("{api}/") }
    }
}

/// The service as the gateway shows it to the world.
fn serve(listener: TcpListener, world: &World) -> impl Future<Output = ()> + Send + 'static {
    let proof = world.running.proof.clone();
    let pass = map_request(move |mut request: Request| {
        proof.put(request.headers_mut());
        async move { request }
    });
    let routes: Router = world.running.routes["billing"].clone().layer(pass);
    let stop = world.running.stopping();
    async move {
        let served = axum::serve(listener, routes);
        served.with_graceful_shutdown(stop.cancelled_owned()).await.unwrap();
    }
}

/// An estate with one unit, whose owner can be billed.
pub(crate) async fn scene() -> Scene {
    let stage = Stage::new().await;
    let company = stage.world.company();
    let estate = company.estate("FCH", "枫林花园").await;
    let unit = UnitId::from_uuid(stage.world.clock.uuid());
    let person = PersonId::from_uuid(stage.world.clock.uuid());
    let fact = UnitFact {
        unit,
        building: BuildingId::from_uuid(stage.world.clock.uuid()),
        building_code: "3".to_owned(),
        label: "3-1-1201".to_owned(),
        gross_area: Area(1_185_600),
        used_as: UnitUse::Residential,
    };
    company.tell("residents", "billing", &UnitsChanged { estate, units: vec![fact] }).await;
    let member = MemberFact {
        person,
        name: PartyName { full: "王芳".to_owned(), shown: "王*".to_owned() },
        kind: MemberKind::Owner,
        from: "2026-06-11".parse().unwrap(),
        to: None,
        pays: true,
    };
    let units = vec![UnitMembers { unit, members: vec![member] }];
    company.tell("residents", "billing", &MembersChanged { estate, units }).await;
    let scene = Scene {
        owner: company.resident(person.as_uuid()).await,
        desk: company.staff("DESK", estate).await,
        cashier: company.staff("CASH", estate).await,
        director: company.staff("DIR", estate).await,
        finance: company.staff("CFIN", None).await,
        stage,
        company,
        estate,
        unit,
        person,
    };
    scene.fee_item().await;
    scene
}

impl Scene {
    async fn fee_item(&self) {
        let input = json!({
            "estateId": self.estate.to_string(), "code": "SERVICE", "nameZh": "特约服务",
            "nameEn": "Services", "kind": "SPECIAL_SERVICE",
        });
        let document = "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }";
        self.director.send("billing", document, json!({ "input": input })).await.ok();
    }

    /// A request for a charge as another service makes it.
    pub fn request(&self, reference: &str, amount: Fen) -> ChargeRequested {
        ChargeRequested {
            source: "facilities".to_owned(),
            reference: reference.to_owned(),
            estate: self.estate,
            unit: Some(self.unit),
            payer: self.person,
            fee_item: "SERVICE".to_owned(),
            amount,
            on: "2026-07-20".parse().unwrap(),
            description: "泳池十次卡".to_owned(),
        }
    }

    /// Makes the owner owe `amount`.
    pub async fn owes(&self, reference: &str, amount: i64) -> Debt {
        let request = self.request(reference, Fen(amount));
        self.company.tell("facilities", "billing", &request).await;
        let accepted: Vec<ChargeAccepted> = self.heard().await;
        let mine = accepted.into_iter().find(|event| event.reference == reference);
        let rejected: Vec<ChargeRejected> = self.heard().await;
        let bill = mine.unwrap_or_else(|| panic!("rejected: {rejected:?}")).bill;
        let scope = self.stage.world.db("billing").read(self.company.tenant).await.unwrap();
        let found = crate::bills::find(&scope, bill.parse().unwrap()).await.unwrap().unwrap();
        Debt { bill, account: found.account.to_string() }
    }

    /// The events of a kind that billing has published for this company.
    pub async fn heard<E: Event>(&self) -> Vec<E> {
        let db = self.stage.world.db("billing");
        db.worker().place_events().await.unwrap();
        let all = db.events_after(0, 10_000).await.unwrap();
        let mine = all.iter().filter(|e| e.tenant == self.company.tenant.as_uuid());
        mine.filter(|e| e.kind == E::KIND).map(|e| events::read(e).unwrap()).collect()
    }

    /// Takes money at the counter.
    pub async fn take(&self, who: &Signed, account: &str, amount: &str, key: &str) -> Answer {
        let input = json!({
            "accountId": account, "amount": amount, "till": "CASH", "idempotencyKey": key,
        });
        self.take_as(who, input).await
    }

    pub async fn take_as(&self, who: &Signed, input: Value) -> Answer {
        let document = format!(
            "mutation($input: TakePaymentInput!) {{ takePayment(input: $input) {{ payment {{ {PAYMENT} }} }} }}"
        );
        who.send("billing", &document, json!({ "input": input })).await
    }

    /// Opens the company's account at the provider.
    pub async fn connect(&self) -> String {
        let admin = self.company.staff("CADM", None).await;
        let document = "mutation($input: ConnectStripeAccountInput!) { connectStripeAccount(input: $input) { onboardingUrl merchantAccount { account } } }";
        let input = json!({"country": "HK", "returnUrl": "https://estate.example/settings"});
        let data = admin.send("billing", document, json!({ "input": input })).await.ok();
        data["connectStripeAccount"]["merchantAccount"]["account"].as_str().unwrap().to_owned()
    }

    /// Begins to pay online.
    pub async fn pay(&self, who: &Signed, bills: &[&str], key: &str) -> Answer {
        let input = json!({
            "billIds": bills, "returnUrl": "https://estate.example/paid", "idempotencyKey": key,
        });
        let document = format!(
            "mutation($input: PayBillsInput!) {{ payBills(input: $input) {{ payment {{ {PAYMENT} }} }} }}"
        );
        who.send("billing", &document, json!({ "input": input })).await
    }

    /// A payment as finance sees it.
    pub async fn payment(&self, id: &str) -> Value {
        let document = format!("query($id: ID!) {{ payment(id: $id) {{ {PAYMENT} }} }}");
        self.finance.send("billing", &document, json!({ "id": id })).await.ok()["payment"].take()
    }

    /// The newest page at the provider.
    pub fn page(&self, account: &str) -> String {
        let pages = self.stage.stripe.list(account, Kind::CheckoutSession);
        pages.last().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A payment of `amount` fen whose page is open at the provider; its id.
    pub async fn begun(&self, reference: &str, amount: i64) -> (Debt, String) {
        let debt = self.owes(reference, amount).await;
        let key = format!("pay-online-{reference}");
        let data = self.pay(&self.owner, &[&debt.bill], &key).await.ok();
        (debt, data["payBills"]["payment"]["id"].as_str().unwrap().to_owned())
    }

    /// The provider as the service sees it, to do there what is done past us.
    pub fn provider(&self) -> StripeProvider {
        let config = StripeConfig {
            base_url: Some(self.stage.api.clone()),
            platform_key: PLATFORM_KEY.into(),
            webhook_secrets: Vec::new(),
            timeout: std::time::Duration::from_secs(5),
        };
        StripeProvider::new(config, self.stage.world.clock.clone())
    }

    /// What the service's own work pays through.
    pub fn channel(&self) -> Channel {
        let context = self.stage.world.context("billing");
        let channel = Channel::from_config(context.db.clone(), &context.config).unwrap();
        Channel { provider: Arc::new(self.provider()), ..channel }
    }

    /// A part of a payment is given back in the provider's dashboard.
    pub async fn refund_past_us(&self, account: &str, intent: &str, amount: Fen) {
        let request = RefundRequest {
            key: IdempotencyKey::new(format!("past-us-{intent}")).unwrap(),
            reference: "made in the provider's dashboard".to_owned(),
            payment: intent.to_owned(),
            amount,
        };
        let merchant = Merchant::Connected { account: account.to_owned() };
        let done = self.provider().refund(&merchant, &request).await;
        assert!(matches!(done, Outcome::Succeeded(_)), "{done:?}");
    }

    /// Waits until every announcement that arrived was acted upon; how many there were.
    pub async fn acted_upon(&self) -> i64 {
        self.acted_upon_in(self.company.tenant).await
    }

    /// As [`Scene::acted_upon`], of any company.
    pub async fn acted_upon_in(&self, tenant: TenantId) -> i64 {
        let db = self.stage.world.db("billing");
        eventually("every announcement is acted upon", || async {
            waiting_and_all(&db.read(tenant).await.unwrap()).await.0 == 0
        })
        .await;
        waiting_and_all(&db.read(tenant).await.unwrap()).await.1
    }

    /// Waits until a payment is in a state.
    pub async fn becomes(&self, payment: &str, status: &str) -> Value {
        eventually(&format!("{payment} is {status}"), || async {
            self.payment(payment).await["status"] == status
        })
        .await;
        self.payment(payment).await
    }

    /// Moves time on; jobs that fall due by it run.
    pub fn later(&self, seconds: i64) {
        self.stage.world.clock.advance(chrono::Duration::seconds(seconds));
    }

    pub async fn ask_refund(&self, who: &Signed, payment: &str, amount: &str, key: &str) -> Answer {
        let input = json!({
            "paymentId": payment, "amount": amount, "reason": "重复缴费", "idempotencyKey": key,
        });
        let document = format!(
            "mutation($input: RequestRefundInput!) {{ requestRefund(input: $input) {{ refund {{ {REFUND} }} }} }}"
        );
        who.send("billing", &document, json!({ "input": input })).await
    }

    pub async fn approve(&self, who: &Signed, refund: &str, key: &str) -> Answer {
        let document = format!(
            "mutation($input: ApproveRefundInput!) {{ approveRefund(input: $input) {{ refund {{ {REFUND} }} }} }}"
        );
        let input = json!({"refundId": refund, "idempotencyKey": key});
        who.send("billing", &document, json!({ "input": input })).await
    }

    /// What is open of a bill, in fen.
    pub async fn open_of(&self, bill: &str) -> i64 {
        let scope = self.stage.world.db("billing").read(self.company.tenant).await.unwrap();
        crate::bills::find(&scope, bill.parse().unwrap()).await.unwrap().unwrap().outstanding().0
    }

    /// What an account has paid ahead, in fen.
    pub async fn ahead(&self, account: &str) -> i64 {
        let scope = self.stage.world.db("billing").read(self.company.tenant).await.unwrap();
        let account = crate::accounts::find(&scope, account.parse().unwrap()).await.unwrap();
        crate::accounts::prepayment(&scope, &account.unwrap()).await.unwrap().0
    }
}

pub(crate) const REFUND: &str =
    "id status amount { amount } failure receipts { number amount { amount } }";

pub(crate) const PAYMENT: &str = "id status till amount { amount } refunded { amount } prepaid { amount } checkoutUrl method \
     parts { billId amount { amount } refunded { amount } } \
     receipts { id number payer amount { amount } amountInWords lines { text amount { amount } } voidedAt replacesId } \
     refunds { id status amount { amount } receipts { number } }";
