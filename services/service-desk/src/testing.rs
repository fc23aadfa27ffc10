//! Stages for tests: an estate with units and people, told by events as in production.

use crate::service;
use authz::UserId;
use contracts::{
    BuildingId, PersonId, UnitId,
    identity::StaffChanged,
    residents::{
        MemberFact, MemberKind, MembersChanged, PartyName, UnitFact, UnitMembers, UnitUse,
        UnitsChanged,
    },
};
use ids::EstateId;
use std::sync::Arc;
use testkit::{Company, Signed, World};
use tokio::sync::OnceCell;
use uuid::Uuid;

static WORLD: OnceCell<Arc<World>> = OnceCell::const_new();

/// The world of this test binary, at noon of Friday, 31 July 2026.
pub(crate) async fn world() -> Arc<World> {
    let start = || async { Arc::new(World::start(vec![service()], &[]).await) };
    Arc::clone(WORLD.get_or_init(start).await)
}

/// A world of one's own, for tests that move its clock.
pub(crate) async fn own_world(now: &str) -> Arc<World> {
    let backend = testkit::Backend::from_env();
    Arc::new(World::start_on(backend, vec![service()], &[], now).await)
}

/// One estate of a company of its own, and the people who work there.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) company: Company,
    pub(crate) estate: EstateId,
    pub(crate) director: Signed,
    pub(crate) supervisor: Signed,
    pub(crate) desk: Signed,
    pub(crate) engineer: Signed,
    /// Building 6 of the estate.
    pub(crate) building: BuildingId,
}

impl Stage {
    /// An estate without units.
    pub(crate) async fn new() -> Self {
        Self::in_world(&world().await).await
    }

    /// The same in a world of one's own.
    pub(crate) async fn in_world(world: &Arc<World>) -> Self {
        let company = world.company();
        let estate = company.estate("FCH", "翡翠湖畔花园").await;
        let director = company.staff("DIR", estate).await;
        let supervisor = company.staff("SUP", estate).await;
        let desk = company.staff("DESK", estate).await;
        let engineer = company.staff("ENG", estate).await;
        let building = BuildingId::from_uuid(world.clock.uuid());
        let stage = Self { company, estate, director, supervisor, desk, engineer, building };
        let named = [("周主任", &stage.director), ("林主管", &stage.supervisor)];
        let more = [("陈前台", &stage.desk), ("孙工", &stage.engineer)];
        for (name, who) in named.into_iter().chain(more) {
            stage.hired(who.user, name).await;
        }
        stage
    }

    /// Tells the service desk of a member of staff.
    pub(crate) async fn hired(&self, user: UserId, name: &str) {
        self.staff_changed(user, name, true).await;
    }

    /// Tells the service desk that a member of staff has left.
    pub(crate) async fn left(&self, user: UserId, name: &str) {
        self.staff_changed(user, name, false).await;
    }

    async fn staff_changed(&self, user: UserId, name: &str, active: bool) {
        let event = StaffChanged { staff: user.as_uuid(), name: name.to_owned(), active };
        let world = &self.company.world;
        let context = world.context("service-desk");
        let tenant = self.company.tenant;
        let position = world.identity.publish("identity", &context.bus, tenant, &event);
        testkit::eventually("the colleague is known", || async {
            context.db.worker().inbox_position("identity").await.unwrap() >= position
        })
        .await;
    }

    pub(crate) fn id(&self) -> Uuid {
        self.company.world.clock.uuid()
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId::from_uuid(self.id())
    }

    /// A unit of building 6, e.g. `6-2-0801`, with its owner of this name; both ids.
    pub(crate) async fn home(&self, label: &str, owner: &str) -> (UnitId, PersonId) {
        let (unit, person) = (UnitId::from_uuid(self.id()), self.person());
        self.unit(unit, self.building, label).await;
        self.belongs(unit, &[(person, owner, MemberKind::Owner)]).await;
        (unit, person)
    }

    /// Tells the service desk of a unit.
    pub(crate) async fn unit(&self, unit: UnitId, building: BuildingId, label: &str) {
        let fact = UnitFact {
            unit,
            building,
            building_code: label.split('-').next().unwrap_or_default().to_owned(),
            label: label.to_owned(),
            gross_area: "118.56".parse().unwrap(),
            used_as: UnitUse::Residential,
        };
        let event = UnitsChanged { estate: self.estate, units: vec![fact] };
        self.company.tell("residents", "service-desk", &event).await;
    }

    /// Tells the service desk who belongs to a unit, since 1 January 2026.
    pub(crate) async fn belongs(&self, unit: UnitId, people: &[(PersonId, &str, MemberKind)]) {
        let member = |(person, name, kind): &(PersonId, &str, MemberKind)| MemberFact {
            person: *person,
            name: PartyName {
                full: (*name).to_owned(),
                shown: name.chars().take(1).chain(['*']).collect(),
            },
            kind: *kind,
            from: "2026-01-01".parse().unwrap(),
            to: None,
            pays: *kind == MemberKind::Owner,
        };
        let members = people.iter().map(member).collect();
        let units = vec![UnitMembers { unit, members }];
        let event = MembersChanged { estate: self.estate, units };
        self.company.tell("residents", "service-desk", &event).await;
    }

    /// A person, signed in to the app.
    pub(crate) async fn resident(&self, person: PersonId) -> Signed {
        self.company.resident(person.as_uuid()).await
    }
}
