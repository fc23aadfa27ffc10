//! One company never sees, changes or guesses another's rows.

use super::{company_with_note, notes, world};
use crate::{Backend, raw_connection, run};
use db::{Db, DbConfig};
use http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _};
use serde_json::json;

#[test]
fn a_foreign_note_answers_exactly_like_a_missing_one() {
    run(async {
        let (_, their_estate, theirs) = company_with_note("canary").await;
        let (mine, my_estate, _) = company_with_note("mine").await;
        let admin = mine.staff("CADM", None).await;
        let nowhere = "not_01900000000070008000000000000000";
        let missing = admin
            .send("notes", notes::TEXT, json!({ "estate": my_estate.to_string(), "id": nowhere }))
            .await;
        for estate in [my_estate, their_estate] {
            let variables = json!({ "estate": estate.to_string(), "id": theirs });
            let foreign = admin.send("notes", notes::TEXT, variables).await;
            assert_eq!(foreign.code(), "NOT_FOUND");
            assert_eq!(foreign.errors, missing.errors);
        }
    });
}

#[test]
fn a_right_in_one_estate_is_none_in_another() {
    run(async {
        let (company, estate, id) = company_with_note("mine").await;
        let other = company.estate("B", "Other").await;
        let variables = json!({ "estate": estate.to_string(), "id": id });
        let here =
            company.staff("DIR", estate).await.send("notes", notes::TEXT, variables.clone()).await;
        assert_eq!(here.ok()["note"], "mine");
        let there = company.staff("DIR", other).await.send("notes", notes::TEXT, variables).await;
        assert_eq!(there.code(), "NOT_FOUND");
    });
}

#[test]
fn who_may_read_but_not_write_is_told_which_right_is_missing() {
    run(async {
        let (company, estate, _) = company_with_note("mine").await;
        let director = company.staff("DIR", estate).await;
        let refused = director
            .send("notes", notes::WRITE, json!({ "estate": estate.to_string(), "text": "x" }))
            .await;
        assert_eq!(
            (refused.code(), refused.message()),
            ("FORBIDDEN", "the permission `estate.manage` is missing")
        );
    });
}

#[test]
fn a_refusal_speaks_chinese_unless_the_caller_reads_english() {
    run(async {
        let (company, estate, id) = company_with_note("mine").await;
        let variables = json!({ "estate": estate.to_string(), "id": id });
        let said = async |language: &'static str| {
            let headers = [(ACCEPT_LANGUAGE, HeaderValue::from_static(language))];
            let headers = HeaderMap::from_iter(headers);
            let answer = company.world.send("notes", headers, notes::TEXT, variables.clone()).await;
            assert_eq!(answer.code(), "NOT_FOUND");
            answer.message().to_owned()
        };
        assert_eq!(said("en-GB").await, "not found");
        assert_eq!(said("zh-CN").await, "未找到");
        assert_eq!(said("fr").await, "未找到");
    });
}

#[test]
fn a_suspended_company_reads_and_does_not_write() {
    run(async {
        let (company, estate, id) = company_with_note("mine").await;
        let admin = company.staff("CADM", None).await;
        company.change_policy(|policy| policy.state = authz::TenantState::Suspended).await;
        let variables = json!({ "estate": estate.to_string(), "id": id, "text": "x" });
        assert_eq!(admin.send("notes", notes::TEXT, variables.clone()).await.ok()["note"], "mine");
        assert_eq!(admin.send("notes", notes::WRITE, variables).await.code(), "SUSPENDED");
    });
}

#[test]
fn a_removed_right_is_gone_and_a_forged_token_lets_nobody_in() {
    run(async {
        let (company, estate, id) = company_with_note("mine").await;
        let admin = company.staff("CADM", None).await;
        let variables = json!({ "estate": estate.to_string(), "id": id });
        company.change_policy(|policy| policy.grants.clear()).await;
        assert_eq!(admin.send("notes", notes::TEXT, variables.clone()).await.code(), "NOT_FOUND");
        let nobody = world().await.anonymous("notes", notes::TEXT, variables).await;
        assert_eq!(nobody.code(), "NOT_FOUND");
        let policy = world().await.context("notes").policy.clone();
        let mut forged = admin.token();
        forged.replace_range(forged.len() - 6.., "AAAAAA");
        assert_eq!(policy.caller(&forged, "test").unwrap_err(), authz::TokenError::NotValid);
    });
}

#[test]
fn the_audit_log_cannot_be_rewritten_by_hand() {
    run(async {
        let (company, ..) = company_with_note("mine").await;
        let by_hand = raw_connection(company.world.context("notes"), "notes").await;
        if company.world.backend == Backend::Postgres {
            let set = format!("SET app.tenant_id = '{}'", company.tenant.as_uuid());
            by_hand.execute_unprepared(&set).await.unwrap();
        }
        for sql in
            ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "DELETE FROM events"]
        {
            assert!(by_hand.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        by_hand.close().await.unwrap();
    });
}

#[test]
fn row_level_security_alone_leaks_nothing() {
    run(async {
        let (company, _, theirs) = company_with_note("canary").await;
        let world = world().await;
        if world.backend != Backend::Postgres {
            return;
        }
        let config = DbConfig {
            url: world.context("notes").config.text("NOTES_DATABASE_URL").unwrap().to_owned(),
            worker_url: None,
            max_connections: 2,
            durable: false,
        };
        let unfiltered = Db::connect_trusting_only_rls(&config, world.clock.clone()).await.unwrap();
        let id: notes::NoteId = theirs.parse().unwrap();
        let wanted = notes::row::Column::Id.eq(id.as_uuid());
        let own = unfiltered.read(company.tenant).await.unwrap();
        assert!(
            own.find::<notes::row::Entity>().filter(wanted.clone()).one().await.unwrap().is_some()
        );
        drop(own);
        let stranger = unfiltered.write(world.company().tenant).await.unwrap();
        assert_eq!(stranger.find::<notes::row::Entity>().all().await.unwrap(), vec![]);
        assert_eq!(stranger.delete::<notes::row::Entity>().filter(wanted).exec().await.unwrap(), 0);
        drop(stranger);
        let nobody = raw_connection(world.context("notes"), "notes").await;
        let seen = nobody.query_all_raw(sea_orm::Statement::from_string(
            nobody.get_database_backend(),
            "SELECT id FROM notes",
        ));
        assert_eq!(seen.await.unwrap().len(), 0, "no company set, no rows");
    });
}
