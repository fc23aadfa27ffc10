//! What a responder is.

use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::BuildingId;
use errors::{Invalid, expected};
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// The most skills and the most buildings of one responder.
pub const MOST: usize = 100;

/// Who is told when a promise is in danger: first the assignee, then the levels above (handbook
/// ch. 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// Does the work.
    Staff,
    /// Runs the centre (客服主管).
    Supervisor,
    /// Answers for the estate (管理处主任).
    Director,
}

/// A member of staff who takes work in an estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responder {
    /// The estate.
    pub estate: EstateId,
    /// The account.
    pub user: UserId,
    /// Their place in the escalation.
    pub level: Level,
    /// What they can do, as codes, e.g. `PLUMBING`; sorted, none twice.
    pub skills: Vec<String>,
    /// Their buildings (责任区); empty means the whole estate.
    pub buildings: Vec<BuildingId>,
    /// Since when they are on duty; `None` when they are not.
    pub on_duty_since: Option<DateTime<Utc>>,
}

impl Responder {
    /// Whether work that needs this skill in this building is theirs to take. Work without a skill
    /// or without a building is anybody's.
    pub fn suits(&self, skill: Option<&str>, building: Option<BuildingId>) -> bool {
        let able = skill.is_none_or(|skill| self.skills.iter().any(|own| own == skill));
        let near = building
            .is_none_or(|building| self.buildings.is_empty() || self.buildings.contains(&building));
        able && near
    }
}

/// Skills as they are kept: sorted, none twice.
///
/// # Errors
/// When one is no code or there are too many.
pub fn checked_skills(skills: Vec<String>) -> Result<Vec<String>, Invalid> {
    if skills.len() > MOST {
        return Err(Invalid::new("skills", expected::items(0, MOST)));
    }
    let mut skills: Vec<String> =
        skills.iter().map(|skill| checked_skill("skills", skill)).collect::<Result<_, _>>()?;
    skills.sort();
    skills.dedup();
    Ok(skills)
}

/// The code of a skill: 2 to 32 upper-case letters, digits or underscores.
///
/// # Errors
/// When it is no code.
pub fn checked_skill(field: &str, skill: &str) -> Result<String, Invalid> {
    let skill = skill.trim();
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if (2..=32).contains(&skill.len()) && skill.chars().all(fits) {
        Ok(skill.to_owned())
    } else {
        Err(Invalid::new(field, expected::upper_code(2, 32)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn who_has_no_building_has_them_all_and_work_without_a_skill_suits_everybody() {
        let (a, b) =
            (BuildingId::from_uuid(Uuid::from_u128(1)), BuildingId::from_uuid(Uuid::nil()));
        let responder = |buildings: &[BuildingId]| Responder {
            estate: EstateId::from_uuid(Uuid::nil()),
            user: UserId::from_uuid(Uuid::nil()),
            level: Level::Staff,
            skills: vec!["PLUMBING".to_owned()],
            buildings: buildings.to_vec(),
            on_duty_since: None,
        };
        assert!(responder(&[]).suits(Some("PLUMBING"), Some(a)));
        assert!(responder(&[a]).suits(None, Some(a)));
        assert!(responder(&[a]).suits(None, None));
        assert!(!responder(&[a]).suits(None, Some(b)));
        assert!(!responder(&[]).suits(Some("LIFTS"), None));
    }

    #[test]
    fn skills_are_sorted_codes() {
        let skills = |of: &[&str]| checked_skills(of.iter().map(ToString::to_string).collect());
        assert_eq!(skills(&["WATER", " GAS", "WATER"]).unwrap(), ["GAS", "WATER"]);
        assert_eq!(skills(&["water"]).unwrap_err().field, "skills");
    }
}
