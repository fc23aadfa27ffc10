//! The rows of a roster file, one after the other, with what they say about each other. Held are
//! names (of entrances, people, units and spaces) and who belongs to a unit until that unit comes;
//! never the file's people or units themselves.

use super::{doubts, settle::Doubt};
use roster::{
    Entrance, FeeLink, Located, Member, Occupancy, ParkingSpace, Person, TEMPLATE, Unit, each_link,
    each_record, kind, read_settings,
};
use sheets::{Finding, Findings, Mapping, Severity, SheetError, Workbook, Wrong};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A unit with everybody whom the file ties to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitRow {
    /// The unit's row; `None` when the file says only who belongs to it.
    pub unit: Option<Located<Unit>>,
    /// Occupancies of it.
    pub occupancies: Vec<Located<Occupancy>>,
    /// Household members in it.
    pub members: Vec<Located<Member>>,
}

/// One good row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// An entrance, each once.
    Entrance(Located<Entrance>),
    /// A person, each code once.
    Person(Located<Person>),
    /// A unit, each once, in an entrance of the file, by its label.
    Unit(String, UnitRow),
    /// A parking space, each once.
    Space(Located<ParkingSpace>),
}

/// Reads a file and hands its good rows on: entrances, people, units, parking spaces. Rows with a
/// doubt are among them, with the doubt. What is wrong or doubtful is named by sheet, row and
/// column.
///
/// # Errors
/// When a sheet cannot be read.
pub fn read_roster(
    book: &mut Workbook,
    mapping: &Mapping,
    findings: &mut Findings,
    mut take: impl FnMut(Row, Option<Doubt>),
) -> Result<(), SheetError> {
    let mut reader = Reader { mapping, entrances: HashSet::new(), people: HashSet::new() };
    reader.entrances(book, findings, &mut take)?;
    reader.people(book, findings, &mut take)?;
    let mut held = reader.belonging(book, findings)?;
    reader.units(book, findings, &mut held, &mut take)?;
    for (label, row) in held {
        if reader.has(kind::UNITS) {
            reader.no_such_unit(&label, &row, findings);
        } else {
            take(Row::Unit(label, row), None);
        }
    }
    reader.spaces(book, findings, &mut take)
}

/// Reads billing's part for what is wrong with it, so that one list says everything.
///
/// # Errors
/// When a sheet cannot be read.
pub fn check_fees(
    book: &mut Workbook,
    mapping: &Mapping,
    findings: &mut Findings,
) -> Result<(), SheetError> {
    let settings = read_settings(book, mapping, findings)?;
    each_link(book, mapping, &settings, findings, |_: Located<FeeLink>| {})
}

struct Reader<'m> {
    mapping: &'m Mapping,
    entrances: HashSet<(String, String)>,
    people: HashSet<String>,
}

/// What has been seen of a kind, with the row of each.
type Seen = HashMap<String, u32>;

impl Reader<'_> {
    fn has(&self, kind: &str) -> bool {
        self.mapping.of_kind(kind).next().is_some()
    }

    fn entrances(
        &mut self,
        book: &mut Workbook,
        findings: &mut Findings,
        take: &mut impl FnMut(Row, Option<Doubt>),
    ) -> Result<(), SheetError> {
        let (mut rows, mut seen) = (Vec::new(), Seen::new());
        let kind = kind::ENTRANCES;
        each_record(book, self.mapping, kind, findings, Entrance::read, |row| rows.push(row))?;
        for found in rows {
            let Entrance { building, entrance, .. } = &found.record;
            let name = format!("{building}-{entrance}");
            if self.first(&mut seen, (kind, "entrance"), &found, &name, findings) {
                self.entrances.insert((building.clone(), entrance.clone()));
                take(Row::Entrance(found), None);
            }
        }
        Ok(())
    }

    fn people(
        &mut self,
        book: &mut Workbook,
        findings: &mut Findings,
        take: &mut impl FnMut(Row, Option<Doubt>),
    ) -> Result<(), SheetError> {
        let shared = doubts::shared_identities(book, self.mapping)?;
        let mut seen = Seen::new();
        let mut later = Findings::default();
        let kind = kind::PEOPLE;
        each_record(book, self.mapping, kind, findings, Person::read, |found| {
            let code = &found.record.code;
            if !self.first(&mut seen, (kind, "code"), &found, code, &mut later) {
                return;
            }
            let doubt = doubts::identity(&found.record, &shared).map(|(identity, why)| {
                let finding = self.finding(kind, "identity", &found, identity, why);
                later.push(finding.with_choices(&Doubt::Identity.choices()));
                Doubt::Identity
            });
            take(Row::Person(found), doubt);
        })?;
        findings.append(later);
        self.people = seen.into_keys().collect();
        Ok(())
    }

    /// Who belongs to which unit, by its label.
    fn belonging(
        &self,
        book: &mut Workbook,
        findings: &mut Findings,
    ) -> Result<BTreeMap<String, UnitRow>, SheetError> {
        let mut held: BTreeMap<String, UnitRow> = BTreeMap::new();
        let mut later = Findings::default();
        let checked = self.has(kind::PEOPLE);
        each_record(book, self.mapping, kind::OCCUPANCIES, findings, Occupancy::read, |found| {
            let person = &found.record.person;
            if checked && !self.people.contains(person) {
                let why =
                    Wrong::new("UNKNOWN_PERSON", "文件中没有它", "the file has no such thing");
                later.push(self.finding(kind::OCCUPANCIES, "person", &found, person, why));
                return;
            }
            held.entry(found.record.unit.label()).or_default().occupancies.push(found);
        })?;
        each_record(book, self.mapping, kind::MEMBERS, findings, Member::read, |found| {
            held.entry(found.record.unit.label()).or_default().members.push(found);
        })?;
        findings.append(later);
        Ok(held)
    }

    fn units(
        &self,
        book: &mut Workbook,
        findings: &mut Findings,
        held: &mut BTreeMap<String, UnitRow>,
        take: &mut impl FnMut(Row, Option<Doubt>),
    ) -> Result<(), SheetError> {
        let mut seen = Seen::new();
        let mut later = Findings::default();
        let kind = kind::UNITS;
        let in_entrances = self.has(kind::ENTRANCES);
        each_record(book, self.mapping, kind, findings, Unit::read, |found| {
            let label = found.record.unit.label();
            if !self.first(&mut seen, (kind, "unit"), &found, &label, &mut later) {
                return;
            }
            let unit = &found.record.unit;
            let entrance = (unit.building.clone(), unit.entrance.clone());
            // A shop has a building and no entrance.
            if in_entrances && !entrance.1.is_empty() && !self.entrances.contains(&entrance) {
                let why =
                    Wrong::new("UNKNOWN_ENTRANCE", "文件中没有它", "the file has no such thing");
                let name = format!("{}-{}", entrance.0, entrance.1);
                later.push(self.finding(kind, "entrance", &found, &name, why));
                return;
            }
            let doubt = self.owner(kind, &found, found.record.owner.as_ref(), &mut later);
            let mut row = held.remove(&label).unwrap_or_default();
            row.unit = Some(found);
            take(Row::Unit(label, row), doubt);
        })?;
        findings.append(later);
        Ok(())
    }

    fn no_such_unit(&self, label: &str, row: &UnitRow, findings: &mut Findings) {
        let why = || Wrong::new("UNKNOWN_UNIT", "文件中没有它", "the file has no such thing");
        for found in &row.occupancies {
            findings.push(self.finding(kind::OCCUPANCIES, "unit", found, label, why()));
        }
        for found in &row.members {
            findings.push(self.finding(kind::MEMBERS, "unit", found, label, why()));
        }
    }

    fn spaces(
        &self,
        book: &mut Workbook,
        findings: &mut Findings,
        take: &mut impl FnMut(Row, Option<Doubt>),
    ) -> Result<(), SheetError> {
        let mut seen = Seen::new();
        let mut later = Findings::default();
        let kind = kind::PARKING;
        each_record(book, self.mapping, kind, findings, ParkingSpace::read, |found| {
            let ParkingSpace { lot, code, owner, .. } = &found.record;
            let name = format!("{lot} {code}").trim().to_owned();
            if self.first(&mut seen, (kind, "code"), &found, &name, &mut later) {
                let doubt = self.owner(kind, &found, owner.as_ref(), &mut later);
                take(Row::Space(found), doubt);
            }
        })?;
        findings.append(later);
        Ok(())
    }

    /// Whether the name is new; refuses the row otherwise.
    fn first<T>(
        &self,
        seen: &mut Seen,
        (kind, key): (&str, &str),
        found: &Located<T>,
        name: &str,
        findings: &mut Findings,
    ) -> bool {
        if let Some(first) = seen.get(name) {
            let zh = format!("与第{first}行重复");
            let why = Wrong::new("DUPLICATE", zh, format!("the same as row {first}"));
            findings.push(self.finding(kind, key, found, name, why));
            return false;
        }
        seen.insert(name.to_owned(), found.row);
        true
    }

    /// Names an owner whom the file does not list. A file without a sheet of people is checked
    /// against the estate when it is imported, not here.
    fn owner<T>(
        &self,
        kind: &str,
        found: &Located<T>,
        owner: Option<&String>,
        findings: &mut Findings,
    ) -> Option<Doubt> {
        if !self.has(kind::PEOPLE) {
            return None;
        }
        let owner = owner.filter(|owner| !self.people.contains(*owner))?;
        let why = Wrong::new(
            "DANGLING_OWNER",
            format!("业主编号 {owner} 不在业主信息中，可按空置房导入"),
            format!("no person has the code {owner}; it can be imported as vacant"),
        );
        let finding = self.finding(kind, "owner", found, owner, why);
        findings.push(finding.with_choices(&Doubt::Owner.choices()));
        Some(Doubt::Owner)
    }

    /// A remark about one cell of a row.
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
}
