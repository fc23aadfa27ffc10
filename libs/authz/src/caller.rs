//! Who is asking, and the proofs that they may.

use crate::{Denied, Limit, Permission, Reach, Rights, SessionId, UserId, rights::Allowed};
use ids::{EstateId, TenantId};
use money::Fen;
use std::sync::Arc;
use uuid::Uuid;

/// Who a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A member of staff.
    Staff(UserId),
    /// A resident.
    Resident {
        /// The account.
        user: UserId,
        /// The person behind it, as residents and billing know them.
        person: Uuid,
    },
    /// A program.
    Client(UserId),
    /// A platform operator with the company's leave.
    Support(UserId),
}

impl Subject {
    /// The account.
    pub fn user(&self) -> UserId {
        match self {
            Self::Staff(user)
            | Self::Client(user)
            | Self::Support(user)
            | Self::Resident { user, .. } => *user,
        }
    }

    /// `staff`, `resident`, `client` or `support`, for the audit log.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Resident { .. } => "resident",
            Self::Client(_) => "client",
            Self::Support(_) => "support",
        }
    }
}

/// An authenticated caller in one company.
#[derive(Clone, Debug)]
pub struct Caller {
    tenant: TenantId,
    subject: Subject,
    session: SessionId,
    rights: Arc<Rights>,
    suspended: bool,
    origin: String,
}

/// Proof that the caller may do something in one estate, and how far that goes. Repositories ask
/// for it.
#[derive(Clone, Debug)]
pub struct EstateScope {
    tenant: TenantId,
    estate: EstateId,
    permission: Permission,
    subject: Subject,
    allowed: Allowed,
}

/// Proof that the caller may do something in the whole company.
#[derive(Clone, Debug)]
pub struct CompanyScope {
    tenant: TenantId,
    permission: Permission,
    allowed: Allowed,
}

/// The estates in which the caller may do something, for lists and searches across them.
#[derive(Clone, Debug)]
pub struct EstatesScope {
    tenant: TenantId,
    /// `None`: every estate of the company.
    estates: Option<Vec<EstateScope>>,
    everywhere: Option<(Permission, Subject, Allowed)>,
}

impl Caller {
    pub(crate) fn new(
        tenant: TenantId,
        subject: Subject,
        session: SessionId,
        rights: Arc<Rights>,
        suspended: bool,
        origin: String,
    ) -> Self {
        Self { tenant, subject, session, rights, suspended, origin }
    }

    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Who.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The account.
    pub fn user(&self) -> UserId {
        self.subject.user()
    }

    /// The session of the token.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The address the call came from, for the audit log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Leave to read in an estate.
    ///
    /// # Errors
    /// [`Denied::Hidden`]: who may not read may not know that there is something.
    pub fn read(&self, permission: Permission, estate: EstateId) -> Result<EstateScope, Denied> {
        let allowed = self.rights.in_estate(permission, estate).ok_or(Denied::Hidden)?;
        Ok(self.scope(permission, estate, allowed.clone()))
    }

    /// Leave to change something in an estate.
    ///
    /// # Errors
    /// [`Denied::Missing`] when the caller may at least read everything there (`seen_by`), else
    /// [`Denied::Hidden`]: whoever sees only a part may not learn that there is something in the
    /// rest. [`Denied::Suspended`] when the company may not write.
    pub fn act(
        &self,
        permission: Permission,
        seen_by: Permission,
        estate: EstateId,
    ) -> Result<EstateScope, Denied> {
        let Some(allowed) = self.rights.in_estate(permission, estate) else {
            let seen = self.rights.in_estate(seen_by, estate);
            let seen = seen.is_some_and(|seen| seen.reach == Reach::All);
            return Err(if seen { Denied::Missing(permission) } else { Denied::Hidden });
        };
        self.writable()?;
        Ok(self.scope(permission, estate, allowed.clone()))
    }

    /// Leave to read what belongs to the whole company.
    ///
    /// # Errors
    /// [`Denied::Hidden`].
    pub fn read_company(&self, permission: Permission) -> Result<CompanyScope, Denied> {
        let allowed = self.rights.in_company(permission).ok_or(Denied::Hidden)?;
        Ok(CompanyScope { tenant: self.tenant, permission, allowed: allowed.clone() })
    }

    /// Leave to change what belongs to the whole company.
    ///
    /// # Errors
    /// [`Denied::Missing`], or [`Denied::Suspended`].
    pub fn act_company(&self, permission: Permission) -> Result<CompanyScope, Denied> {
        let allowed = self.rights.in_company(permission).ok_or(Denied::Missing(permission))?;
        self.writable()?;
        Ok(CompanyScope { tenant: self.tenant, permission, allowed: allowed.clone() })
    }

    /// The estates in which the caller may do something; possibly none.
    pub fn estates(&self, permission: Permission) -> EstatesScope {
        let everywhere = self.rights.in_company(permission).cloned();
        let one_by_one = || {
            let each = self.rights.estates_with(permission).into_iter();
            each.map(|(estate, allowed)| self.scope(permission, estate, allowed)).collect()
        };
        EstatesScope {
            tenant: self.tenant,
            estates: everywhere.is_none().then(one_by_one),
            everywhere: everywhere.map(|allowed| (permission, self.subject, allowed)),
        }
    }

    /// Whether the caller has a right anywhere at all.
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.rights.in_company(permission).is_some()
            || !self.rights.estates_with(permission).is_empty()
    }

    /// The names of the permissions held in an estate, or for the whole company, sorted: what a
    /// client shows and hides by. Nothing is decided by it.
    pub fn permissions(&self, estate: Option<EstateId>) -> Vec<String> {
        self.rights.names(estate)
    }

    /// Whether the other may do exactly what this one may.
    pub fn may_the_same(&self, other: &Self) -> bool {
        self.suspended == other.suspended && self.rights == other.rights
    }

    /// # Errors
    /// [`Denied::Suspended`] when the company may not write.
    pub fn writable(&self) -> Result<(), Denied> {
        if self.suspended { Err(Denied::Suspended) } else { Ok(()) }
    }

    fn scope(&self, permission: Permission, estate: EstateId, allowed: Allowed) -> EstateScope {
        EstateScope { tenant: self.tenant, estate, permission, subject: self.subject, allowed }
    }
}

impl EstateScope {
    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The estate.
    pub fn estate(&self) -> EstateId {
        self.estate
    }

    /// Which of the estate's objects are covered.
    pub fn reach(&self) -> &Reach {
        &self.allowed.reach
    }

    /// Who holds it.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The resident's person, when only their own objects are covered.
    pub fn own_person(&self) -> Option<Uuid> {
        match (&self.allowed.reach, self.subject) {
            (Reach::Own, Subject::Resident { person, .. }) => Some(person),
            // Nobody: a staff member with a resident's right owns nothing.
            (Reach::Own, _) => Some(Uuid::nil()),
            _ => None,
        }
    }

    /// The buildings covered, when only a zone is.
    pub fn zone(&self) -> Option<&[Uuid]> {
        match &self.allowed.reach {
            Reach::Zone(buildings) => Some(buildings),
            _ => None,
        }
    }

    /// # Errors
    /// [`Denied::OverLimit`] when the right ends below `amount`.
    pub fn covers(&self, amount: Fen) -> Result<(), Denied> {
        covers(self.permission, self.allowed.limit, amount)
    }
}

impl CompanyScope {
    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// # Errors
    /// [`Denied::OverLimit`] when the right ends below `amount`.
    pub fn covers(&self, amount: Fen) -> Result<(), Denied> {
        covers(self.permission, self.allowed.limit, amount)
    }
}

impl EstatesScope {
    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The estates by name, or `None` when every estate of the company is covered.
    pub fn ids(&self) -> Option<Vec<EstateId>> {
        self.estates.as_ref().map(|each| each.iter().map(EstateScope::estate).collect())
    }

    /// Leave for one estate, e.g. that of a row that was found.
    pub fn in_estate(&self, estate: EstateId) -> Option<EstateScope> {
        if let Some((permission, subject, allowed)) = &self.everywhere {
            let (permission, subject, allowed) = (*permission, *subject, allowed.clone());
            return Some(EstateScope { tenant: self.tenant, estate, permission, subject, allowed });
        }
        self.estates.iter().flatten().find(|scope| scope.estate == estate).cloned()
    }

    /// Every scope, when they are held one by one.
    pub fn each(&self) -> &[EstateScope] {
        self.estates.as_deref().unwrap_or_default()
    }
}

fn covers(permission: Permission, limit: Limit, amount: Fen) -> Result<(), Denied> {
    match limit {
        Limit::UpTo(limit) if amount > limit => Err(Denied::OverLimit { permission, limit }),
        _ => Ok(()),
    }
}
