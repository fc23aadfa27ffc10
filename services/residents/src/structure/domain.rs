//! What a building and a unit are.

use contracts::{BuildingId, UnitId, residents::UnitUse};
use ids::EstateId;
use money::Area;

/// A building (楼栋).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// The building.
    pub id: BuildingId,
    /// Its estate.
    pub estate: EstateId,
    /// Its number or letter, unique in the estate.
    pub code: String,
}

/// What is going on in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitState {
    /// Somebody lives or works there (在用).
    InUse,
    /// Nobody does (空置).
    Vacant,
    /// It is being renovated (装修).
    Renovating,
    /// It was never sold; the developer has it (未售).
    Unsold,
}

impl UnitState {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::Vacant => "vacant",
            Self::Renovating => "renovating",
            Self::Unsold => "unsold",
        }
    }

    /// Reads what [`UnitState::as_str`] wrote; an unknown text is vacant.
    pub fn from_stored(text: &str) -> Self {
        let all = [Self::InUse, Self::Renovating, Self::Unsold];
        all.into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Vacant)
    }

    /// Our own word in a roster file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InUse => "在用",
            Self::Vacant => "空置",
            Self::Renovating => "装修",
            Self::Unsold => "未售",
        }
    }
}

/// A unit (房屋).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The unit.
    pub id: UnitId,
    /// Its estate.
    pub estate: EstateId,
    /// Its building.
    pub building: BuildingId,
    /// The building's code.
    pub building_code: String,
    /// The entrance's code; empty when the building has none.
    pub entrance_code: String,
    /// Its number within the entrance.
    pub number: String,
    /// Building-entrance-number, unique in the estate.
    pub label: String,
    /// The floor it is on; below ground negative.
    pub floor: Option<i64>,
    /// Its layout, in words.
    pub layout: Option<String>,
    /// Fee base.
    pub gross_area: Area,
    /// Usable area.
    pub net_area: Option<Area>,
    /// What it is used for.
    pub used_as: UnitUse,
    /// What is going on in it.
    pub state: UnitState,
}

/// The use a word of a file means; a home when nothing is said, `None` for an unknown word.
pub fn read_use(word: Option<&str>) -> Option<UnitUse> {
    let Some(word) = word else { return Some(UnitUse::Residential) };
    let word = word.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|known| word.contains(known));
    if any(&["其他", "other", "车库", "仓库", "储藏"]) {
        Some(UnitUse::Other)
    } else if any(&["商", "铺", "shop", "retail"]) {
        Some(UnitUse::Shop)
    } else if any(&["办公", "写字", "office"]) {
        Some(UnitUse::Office)
    } else if any(&["住", "居", "公寓", "resident", "home", "flat"]) {
        Some(UnitUse::Residential)
    } else {
        None
    }
}

/// Our own word for a use in a roster file.
pub const fn use_word(used_as: UnitUse) -> &'static str {
    match used_as {
        UnitUse::Residential => "住宅",
        UnitUse::Shop => "商铺",
        UnitUse::Office => "办公",
        UnitUse::Other => "其他",
    }
}

/// The state a word of a file means, `None` for an unknown word.
pub fn read_state(word: &str) -> Option<UnitState> {
    let word = word.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|known| word.contains(known));
    if any(&["未售", "unsold"]) {
        Some(UnitState::Unsold)
    } else if any(&["装修", "renovat"]) {
        Some(UnitState::Renovating)
    } else if any(&["空", "未入住", "vacant", "empty"]) {
        Some(UnitState::Vacant)
    } else if any(&["用", "住", "租", "已售", "已交付", "in use", "occupied", "let"]) {
        Some(UnitState::InUse)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_words_read_back() {
        for state in [UnitState::InUse, UnitState::Vacant, UnitState::Renovating, UnitState::Unsold]
        {
            assert_eq!(read_state(state.word()), Some(state));
            assert_eq!(UnitState::from_stored(state.as_str()), state);
        }
        for used_as in [UnitUse::Residential, UnitUse::Shop, UnitUse::Office, UnitUse::Other] {
            assert_eq!(read_use(Some(use_word(used_as))), Some(used_as));
        }
        assert_eq!(read_use(Some("??")), None);
    }
}
