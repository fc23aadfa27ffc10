//! Billing's half of an import: interrupted, stopped, resumed, approved by somebody else.

use super::{FeeImport, ImportState, job::TakeFees, repo};
use crate::testing::Stage;
use axum::{Router, routing::get};
use contracts::{
    BuildingId, FileId, ImportId,
    residents::{RosterImported, UnitUse},
};
use money::{Fen, Rate};
use roster::{FeeLink, FeeSetting, FeeTarget, Formula, UnitRef};
use serde_json::{Value, json};
use service_http::{Peer, Peers};
use sheets::{Language, XlsxWriter};
use std::io::Cursor;
use testkit::{Answer, Signed, eventually, run};
use tokio_util::sync::CancellationToken;

fn setting() -> FeeSetting {
    let formula = Formula::Area { price: Rate(1_300_000), surcharge: Fen(2_000) };
    FeeSetting {
        fee_type: Some("物业费".to_owned()),
        starts_on: Some("2020-06-10".parse().unwrap()),
        ..FeeSetting::new("1", "物业费", formula)
    }
}

/// A file with one fee for `units` units, of which the last is nobody's.
fn file(units: usize) -> Vec<u8> {
    let links = (1..=units + 1).map(|n| FeeLink {
        target: FeeTarget::Unit(UnitRef {
            building: "1".to_owned(),
            entrance: "1".to_owned(),
            number: n.to_string(),
        }),
        fee: "1".to_owned(),
        starts_on: "2020-06-10".parse().unwrap(),
        ends_on: None,
    });
    let mut writer = XlsxWriter::new();
    roster::write_sheet(&mut writer, Language::Zh, [setting()]).unwrap();
    roster::write_sheet(&mut writer, Language::Zh, links).unwrap();
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    file.into_inner()
}

struct Scene {
    stage: Stage,
    import: ImportId,
    worker: TakeFees,
}

impl Scene {
    /// An estate of `units` units and an import that residents told of; its file is not to be had
    /// from the world's residents, but from the worker's.
    async fn new(units: usize) -> Self {
        let stage = Stage::new().await;
        let building = BuildingId::from_uuid(stage.id());
        let labels: Vec<String> = (1..=units).map(|n| format!("1-1-{n}")).collect();
        for part in labels.chunks(500) {
            let units: Vec<_> =
                part.iter().map(|l| (l.as_str(), "94.56", UnitUse::Residential)).collect();
            stage.units(building, "1", &units).await;
        }
        let bytes = file(units);
        let serve = get(move || {
            let bytes = bytes.clone();
            async move { bytes }
        });
        let routes = Router::new().route("/internal/files/{company}/{file}", serve);
        let proof = stage.company.world.running.proof.clone();
        let residents = Peer::local(routes, proof);
        let worker = TakeFees {
            db: stage.company.world.db("billing").clone(),
            peers: Peers::from_iter([("residents".to_owned(), residents)]),
        };
        let scene = Self { import: ImportId::from_uuid(stage.id()), stage, worker };
        let told = RosterImported {
            import: scene.import,
            estate: scene.stage.estate,
            file: FileId::from_uuid(scene.stage.id()),
            cut_over: "2026-07-01".parse().unwrap(),
            requested_by: scene.stage.director.user.to_string(),
            file_name: "fees.xlsx".to_owned(),
            mapping: None,
        };
        scene.stage.company.tell("residents", "billing", &told).await;
        scene
    }

    async fn import(&self) -> FeeImport {
        let scope = self.worker.db.read(self.stage.company.tenant).await.unwrap();
        repo::one(&scope, self.import).await.unwrap().unwrap()
    }

    /// Waits until the world's own worker has found that the file is gone.
    async fn stopped(&self) {
        eventually("the import stops", || async {
            self.import().await.state == ImportState::Failed
        })
        .await;
    }

    /// Opens it again as resuming does, without asking the world's worker.
    async fn reopen(&self) {
        let scope = self.worker.db.write(self.stage.company.tenant).await.unwrap();
        let mut import = repo::lock(&scope, self.import).await.unwrap().unwrap();
        import.state = ImportState::Running;
        import.failure = None;
        repo::save(&scope, &import).await.unwrap();
        scope.commit().await.unwrap();
    }

    async fn turn(&self, stop: &CancellationToken) -> bool {
        self.worker.work(self.stage.company.tenant, self.import, stop).await.unwrap()
    }

    async fn act(&self, who: &Signed, name: &str, more: Value) -> Answer {
        let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation($input: {upper}Input!) {{ {name}(input: $input) {{ importedFees {{ state importedBy decidedBy }} }} }}"
        );
        let mut input = json!({ "importId": self.import.to_string() });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key] = value.clone();
        }
        who.send("billing", &text, json!({ "input": input })).await
    }

    async fn seen(&self, who: &Signed) -> Answer {
        let text = "query($id: ID!) { _entities(representations: [{ __typename: \"Import\", id: $id }]) \
                    { ... on Import { fees { state done total items proposed unchanged leftOut failure } } } }";
        who.send("billing", text, json!({ "id": self.import.to_string() })).await
    }
}

#[test]
fn an_import_cut_off_after_every_chunk_ends_as_if_it_never_was() {
    run(async {
        let scene = Scene::new(1_100).await;
        scene.stopped().await;
        let seen = scene.seen(&scene.stage.finance).await.ok();
        let fees = &seen["_entities"][0]["fees"];
        assert_eq!(
            (&fees["state"], &fees["failure"]),
            (
                &json!("FAILED"),
                &json!(
                    "导入的文件已不存在或无法读取 / the file of the import is gone or cannot be read"
                )
            )
        );
        scene.reopen().await;
        let cut_off = CancellationToken::new();
        cut_off.cancel();
        let mut done = Vec::new();
        while !scene.turn(&cut_off).await {
            done.push(scene.import().await.done);
        }
        assert_eq!(done, [500, 1_000, 1_101]);
        let import = scene.import().await;
        assert_eq!(import.state, ImportState::Proposed);
        let counts =
            (import.total, import.items, import.proposed, import.unchanged, import.left_out);
        assert_eq!(counts, (1_101, 1, 1_100, 0, 1));
        let approved = scene.act(&scene.stage.finance, "approveImportedFees", json!({})).await;
        let Stage { director, finance, .. } = &scene.stage;
        let want = json!({ "state": "APPROVED", "importedBy": director.user.to_string(),
            "decidedBy": finance.user.to_string() });
        assert_eq!(approved.ok()["approveImportedFees"]["importedFees"], want);
        let item = "feeStandards(first: 1) { edges { node { phase effectiveFrom importId } } }";
        let price = scene.stage.estate(&scene.stage.finance, item).await.ok();
        let price = &price["_entities"][0]["feeStandards"]["edges"][0]["node"];
        let want = json!({ "phase": "EFFECTIVE", "effectiveFrom": "2026-07-01",
            "importId": scene.import.to_string() });
        assert_eq!(*price, want);
    });
}

#[test]
fn prices_of_an_import_need_somebody_else_and_the_right_estate() {
    run(async {
        let scene = Scene::new(2).await;
        scene.stopped().await;
        let Scene { stage, .. } = &scene;
        let early = scene.act(&stage.finance, "approveImportedFees", json!({})).await;
        assert_eq!(early.code(), "CONFLICT");
        let elsewhere = stage.company.estate("ELSE", "别处").await;
        let other = stage.company.staff("DIR", elsewhere).await;
        let stranger = Stage::new().await;
        for who in [&other, &stranger.director, &stranger.finance] {
            for name in ["approveImportedFees", "resumeImportedFees"] {
                let refused = scene.act(who, name, json!({})).await;
                assert_eq!((refused.code(), refused.message()), ("NOT_FOUND", "not found"));
            }
            let refused = scene.act(who, "withdrawImportedFees", json!({ "reason": "x" })).await;
            assert_eq!(refused.code(), "NOT_FOUND");
        }
        let seen = scene.seen(&stranger.director).await.ok();
        assert_eq!(seen["_entities"][0]["fees"], Value::Null);
        let refused = scene.act(&stage.finance, "resumeImportedFees", json!({})).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        scene.reopen().await;
        assert!(scene.turn(&CancellationToken::new()).await);
        // The importer has no right to approve; with the right, it still is their own import.
        let own = scene.act(&stage.director, "approveImportedFees", json!({})).await;
        assert_eq!(own.code(), "FORBIDDEN");
        let user = stage.director.user;
        let grant = authz::Grant {
            user: user.as_uuid(),
            role: "CFIN".to_owned(),
            estate: None,
            zone: Vec::new(),
        };
        stage.company.change_policy(|policy| policy.grants.push(grant)).await;
        let own = scene.act(&stage.director, "approveImportedFees", json!({})).await;
        assert_eq!(own.code(), "FORBIDDEN");
        assert!(own.message().contains("cannot approve"), "{}", own.message());
        let reason = json!({ "reason": "价格有误" });
        let gone = scene.act(&stage.finance, "withdrawImportedFees", reason).await.ok();
        assert_eq!(gone["withdrawImportedFees"]["importedFees"]["state"], "WITHDRAWN");
        let late = scene.act(&stage.finance, "approveImportedFees", json!({})).await;
        assert_eq!(late.code(), "CONFLICT");
    });
}
