//! The records of a roster file as a whole: what the rows say about each other.

use super::is_valid_identity;
use roster::{
    Entrance, Located, Member, Occupancy, ParkingSpace, Person, TEMPLATE, Unit, UnitRef, kind,
    read_kind,
};
use sheets::{Finding, Findings, Mapping, Severity, SheetError, Workbook, Wrong};
use std::collections::{HashMap, HashSet};

/// How the user settles a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A unit or space whose owner is nowhere in the file comes in without owner.
    ImportAsVacant,
    /// A person comes in without the doubtful identity number.
    ImportWithoutIdentity,
    /// The identity number is taken as it stands.
    ImportAsWritten,
    /// The row stays out.
    LeaveOut,
}

impl Choice {
    /// The code in [`Finding::choices`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImportAsVacant => "IMPORT_AS_VACANT",
            Self::ImportWithoutIdentity => "IMPORT_WITHOUT_IDENTITY",
            Self::ImportAsWritten => "IMPORT_AS_WRITTEN",
            Self::LeaveOut => "LEAVE_OUT",
        }
    }
}

const OWNER_CHOICES: [&str; 2] = [Choice::ImportAsVacant.as_str(), Choice::LeaveOut.as_str()];
const IDENTITY_CHOICES: [&str; 3] = [
    Choice::ImportWithoutIdentity.as_str(),
    Choice::ImportAsWritten.as_str(),
    Choice::LeaveOut.as_str(),
];

/// The good rows of a file, as far as residents keeps them; rows with a choice among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roster {
    /// Entrances, each once.
    pub entrances: Vec<Located<Entrance>>,
    /// People, each code once.
    pub people: Vec<Located<Person>>,
    /// Units, each once, in entrances of the file.
    pub units: Vec<Located<Unit>>,
    /// Parking spaces, each once.
    pub spaces: Vec<Located<ParkingSpace>>,
    /// Occupancies of these units by these people.
    pub occupancies: Vec<Located<Occupancy>>,
    /// Household members of these units.
    pub members: Vec<Located<Member>>,
}

/// Reads a file; what is wrong or doubtful is named by sheet, row and column.
pub fn parse(book: &mut Workbook, mapping: &Mapping) -> Result<(Roster, Findings), SheetError> {
    let mut findings = Findings::default();
    let at = &mut findings;
    let mut roster = Roster {
        entrances: read_kind(book, mapping, kind::ENTRANCES, at, Entrance::read)?,
        people: read_kind(book, mapping, kind::PEOPLE, at, Person::read)?,
        units: read_kind(book, mapping, kind::UNITS, at, Unit::read)?,
        spaces: read_kind(book, mapping, kind::PARKING, at, ParkingSpace::read)?,
        occupancies: read_kind(book, mapping, kind::OCCUPANCIES, at, Occupancy::read)?,
        members: read_kind(book, mapping, kind::MEMBERS, at, Member::read)?,
    };
    let mut check = Check { mapping, findings };
    check.duplicates(&mut roster);
    check.references(&mut roster);
    check.owners(&roster);
    check.identities(&roster);
    Ok((roster, check.findings))
}

struct Check<'a> {
    mapping: &'a Mapping,
    findings: Findings,
}

impl Check<'_> {
    /// A remark about one cell of a row read before.
    fn finding<T>(
        &self,
        kind: &str,
        key: &str,
        found: &Located<T>,
        value: &str,
        why: Wrong,
    ) -> Finding {
        let sheet = self.mapping.of_kind(kind).find(|sheet| *sheet.sheet == *found.sheet);
        let own = TEMPLATE.kind(kind).and_then(|kind| kind.column(key));
        let header = sheet
            .and_then(|sheet| sheet.columns.get(key))
            .map_or_else(|| own.map_or(key, |column| column.zh), |column| &column.header);
        Finding::new(Severity::Error, (&found.sheet, found.row, header), value, why)
    }

    fn duplicates(&mut self, roster: &mut Roster) {
        self.each_once(&mut roster.entrances, kind::ENTRANCES, "entrance", |entrance| {
            format!("{}-{}", entrance.building, entrance.entrance)
        });
        self.each_once(&mut roster.people, kind::PEOPLE, "code", |person| person.code.clone());
        self.each_once(&mut roster.units, kind::UNITS, "unit", |unit| shown(&unit.unit));
        self.each_once(&mut roster.spaces, kind::PARKING, "code", |space| {
            format!("{} {}", space.lot, space.code).trim().to_owned()
        });
    }

    /// Keeps the first row of each name and refuses the others.
    fn each_once<T>(
        &mut self,
        rows: &mut Vec<Located<T>>,
        kind: &str,
        key: &str,
        name: impl Fn(&T) -> String,
    ) {
        let mut seen: HashMap<String, u32> = HashMap::new();
        rows.retain(|found| {
            let name = name(&found.record);
            if let Some(first) = seen.get(&name) {
                let zh = format!("与第{first}行重复");
                let why = Wrong::new("DUPLICATE", zh, format!("the same as row {first}"));
                self.findings.push(self.finding(kind, key, found, &name, why));
                return false;
            }
            seen.insert(name, found.row);
            true
        });
    }

    /// Refuses rows about entrances, units and people that are not there. A file without a sheet
    /// of entrances or people is checked against the estate when it is imported, not here.
    fn references(&mut self, roster: &mut Roster) {
        let entrances: HashSet<_> = roster
            .entrances
            .iter()
            .map(|found| (found.record.building.clone(), found.record.entrance.clone()))
            .collect();
        if self.has(kind::ENTRANCES) {
            self.keep_known(
                &mut roster.units,
                kind::UNITS,
                ("entrance", "UNKNOWN_ENTRANCE"),
                |unit| {
                    let UnitRef { building, entrance, .. } = &unit.unit;
                    // A shop has a building and no entrance.
                    let known = entrance.is_empty()
                        || entrances.contains(&(building.clone(), entrance.clone()));
                    (known, format!("{building}-{entrance}"))
                },
            );
        }
        let units: HashSet<_> = roster.units.iter().map(|found| &found.record.unit).collect();
        if self.has(kind::UNITS) {
            let known = |unit: &UnitRef| (units.contains(unit), shown(unit));
            let why = ("unit", "UNKNOWN_UNIT");
            self.keep_known(&mut roster.occupancies, kind::OCCUPANCIES, why, |o| known(&o.unit));
            self.keep_known(&mut roster.members, kind::MEMBERS, why, |member| known(&member.unit));
        }
        if self.has(kind::PEOPLE) {
            let people = codes(&roster.people);
            let why = ("person", "UNKNOWN_PERSON");
            self.keep_known(&mut roster.occupancies, kind::OCCUPANCIES, why, |occupancy| {
                (people.contains(&occupancy.person), occupancy.person.clone())
            });
        }
    }

    fn has(&self, kind: &str) -> bool {
        self.mapping.of_kind(kind).next().is_some()
    }

    fn keep_known<T>(
        &mut self,
        rows: &mut Vec<Located<T>>,
        kind: &str,
        (key, code): (&str, &'static str),
        known: impl Fn(&T) -> (bool, String),
    ) {
        rows.retain(|found| {
            let (known, name) = known(&found.record);
            if !known {
                let why = Wrong::new(code, "文件中没有它", "the file has no such thing");
                self.findings.push(self.finding(kind, key, found, &name, why));
            }
            known
        });
    }

    /// Names units and spaces whose owner the file does not list.
    fn owners(&mut self, roster: &Roster) {
        if !self.has(kind::PEOPLE) {
            return;
        }
        let people = codes(&roster.people);
        for found in &roster.units {
            self.owner(kind::UNITS, found, found.record.owner.as_ref(), &people);
        }
        for found in &roster.spaces {
            self.owner(kind::PARKING, found, found.record.owner.as_ref(), &people);
        }
    }

    fn owner<T>(
        &mut self,
        kind: &str,
        found: &Located<T>,
        owner: Option<&String>,
        people: &HashSet<String>,
    ) {
        let Some(owner) = owner.filter(|owner| !people.contains(*owner)) else { return };
        let why = Wrong::new(
            "DANGLING_OWNER",
            format!("业主编号 {owner} 不在业主信息中，可按空置房导入"),
            format!("no person has the code {owner}; it can be imported as vacant"),
        );
        let finding = self.finding(kind, "owner", found, owner, why);
        self.findings.push(finding.with_choices(&OWNER_CHOICES));
    }

    /// Names people whose identity number is shared or fails its check digit, each once.
    fn identities(&mut self, roster: &Roster) {
        let mut rows: HashMap<&str, Vec<u32>> = HashMap::new();
        for found in &roster.people {
            if let Some(identity) = &found.record.identity {
                rows.entry(identity).or_default().push(found.row);
            }
        }
        for found in &roster.people {
            let Some(identity) = &found.record.identity else { continue };
            let Some(why) = doubt(&found.record, identity, &rows[identity.as_str()]) else {
                continue;
            };
            let finding = self.finding(kind::PEOPLE, "identity", found, identity, why);
            self.findings.push(finding.with_choices(&IDENTITY_CHOICES));
        }
    }
}

/// Why an identity number is doubtful; a company's registration number has no check digit of ours.
fn doubt(person: &Person, identity: &str, rows: &[u32]) -> Option<Wrong> {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if rows.len() > 1 {
        // a file may repeat one number thousands of times: name the first few rows
        let named: Vec<String> = rows.iter().take(10).map(u32::to_string).collect();
        let (count, named) = (rows.len(), named.join(", "));
        zh.push(format!("{count}人使用同一身份证号（第 {named} 行）"));
        en.push(format!("{count} people share it (rows {named})"));
    }
    if person.kind != Some(roster::PartyKind::Company) && !is_valid_identity(identity) {
        zh.push("身份证号校验不通过".to_owned());
        en.push("the check digit or the date of birth is wrong".to_owned());
    }
    let doubtful = !zh.is_empty();
    doubtful.then(|| Wrong::new("DOUBTFUL_IDENTITY", zh.join("；"), en.join("; ")))
}

fn codes(people: &[Located<Person>]) -> HashSet<String> {
    people.iter().map(|found| found.record.code.clone()).collect()
}

fn shown(unit: &UnitRef) -> String {
    let parts = [&unit.building, &unit.entrance, &unit.number];
    let parts: Vec<&str> =
        parts.iter().map(|part| part.as_str()).filter(|p| !p.is_empty()).collect();
    parts.join("-")
}
