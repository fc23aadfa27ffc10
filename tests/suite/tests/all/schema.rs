//! The schema as a contract: committed, reachable, described, and forgiving when a service is gone.

use crate::town::{parts, repository, supergraph};
use graphql_tools::parser::schema::Type;
use std::fs;
use suite::Graph;
use testkit::run;

/// Compares with the committed file, or rewrites it when `WRITE_SCHEMAS` is set.
fn committed(path: &str, current: &str) {
    let file = repository(path);
    if std::env::var_os("WRITE_SCHEMAS").is_some() {
        fs::write(&file, current).expect("the repository can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == current,
        "{path} is not what the code says; run `make schema` and review the change"
    );
}

#[test]
fn the_committed_schemas_are_the_codes() {
    run(async {
        for (name, _, sdl) in parts().await {
            committed(&format!("services/{name}/schema.graphql"), &sdl);
        }
        committed("services/gateway/supergraph.graphql", &supergraph().await);
    });
}

#[test]
fn every_field_can_be_reached() {
    run(async {
        let planned = gateway::plan_every_field(&supergraph().await);
        assert!(planned.is_ok_and(|count| count > 100), "see the list of fields no plan reaches");
    });
}

#[test]
fn a_missing_service_costs_only_its_own_fields() {
    run(async {
        let graph = Graph::read(&supergraph().await);
        let rigid: Vec<String> = graph
            .operations()
            .into_iter()
            .filter(|operation| matches!(operation.field.kind, Type::NonNullType(_)))
            .filter(|operation| operation.kind == suite::Kind::Query)
            .map(|operation| operation.field.name)
            .collect();
        assert_eq!(rigid, Vec::<String>::new(), "root query fields must be nullable");
    });
}

#[test]
fn everything_is_described() {
    run(async {
        let graph = Graph::read(&supergraph().await);
        let ours = |name: &&String| !name.starts_with("join__") && !name.starts_with("link__");
        // What the connection type of the library brings is described by Relay's specification.
        let silent: Vec<String> = graph
            .objects
            .iter()
            .filter(|(name, _)| {
                ours(name) && !name.ends_with("Connection") && !name.ends_with("Edge")
            })
            .flat_map(|(name, fields)| {
                let bare = fields.iter().filter(|field| field.description.is_none());
                bare.map(move |field| format!("{name}.{}", field.name))
            })
            .collect();
        assert_eq!(silent, Vec::<String>::new(), "fields without a description");
    });
}
