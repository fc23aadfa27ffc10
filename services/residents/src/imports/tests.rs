//! A file from another system, with its quirks, and our own file there and back.

use super::*;
use ::roster::*;
use chrono::NaiveDate;
use money::{Area, Fen, Rate};
use sheets::{
    Cell, Findings, Header, Language, Limits, Mapping, Value, Workbook, XlsxWriter, recognise,
};
use std::io::Cursor;

fn open(bytes: Vec<u8>) -> (Workbook, Mapping) {
    let book = Workbook::open(bytes, "roster.xlsx", Limits::default()).unwrap();
    let mapping = recognise(book.sheets(), &TEMPLATE);
    mapping.validate(&TEMPLATE, &book).unwrap();
    (book, mapping)
}

/// The good rows of a file.
#[derive(Default)]
struct Roster {
    entrances: Vec<Located<Entrance>>,
    people: Vec<Located<Person>>,
    units: Vec<Located<Unit>>,
    spaces: Vec<Located<ParkingSpace>>,
    occupancies: Vec<Located<Occupancy>>,
    members: Vec<Located<Member>>,
}

fn parse(book: &mut Workbook, mapping: &Mapping) -> (Roster, Findings) {
    let (mut all, mut findings) = (Roster::default(), Findings::default());
    let take = |row, _| match row {
        Row::Entrance(found) => all.entrances.push(found),
        Row::Person(found) => all.people.push(found),
        Row::Space(found) => all.spaces.push(found),
        Row::Unit(_, row) => {
            all.units.extend(row.unit);
            all.occupancies.extend(row.occupancies);
            all.members.extend(row.members);
        }
    };
    read_roster(book, mapping, &mut findings, take).unwrap();
    (all, findings)
}

/// Billing's part.
fn read_fees(
    book: &mut Workbook,
    mapping: &Mapping,
    findings: &mut Findings,
) -> (Vec<Located<FeeSetting>>, Vec<Located<FeeLink>>) {
    let settings = read_settings(book, mapping, findings).unwrap();
    let mut links = Vec::new();
    each_link(book, mapping, &settings, findings, |link| links.push(link)).unwrap();
    (settings, links)
}

fn day(text: &str) -> NaiveDate {
    Cell::from_text(text).date().unwrap().unwrap()
}

fn check_legacy(bytes: Vec<u8>) {
    let (mut book, mapping) = open(bytes);
    assert_eq!(mapping.ignored, Vec::<String>::new());
    let (roster, findings) = parse(&mut book, &mapping);
    assert_eq!(roster.entrances.len(), 26);
    assert!(
        roster.entrances.iter().all(|e| e.record.floors == Some(33) && e.record.lift == Some(true))
    );
    assert_eq!(roster.people.len(), 5);
    assert_eq!(roster.people[0].record.phone, None);
    assert_eq!(roster.people[1].record.phone.as_deref(), Some("18999999991"));
    assert_eq!(roster.units.len(), 8);
    assert!(roster.units.iter().all(|unit| unit.record.gross_area == Area(945_600)));
    let [space] = roster.spaces.as_slice() else { panic!("{:?}", roster.spaces) };
    assert_eq!(space.record.area, Some(Area(983_200)));
    assert_eq!((space.record.kind, &space.record.owner), (Some(SpaceKind::Ground), &None));

    let places = |code: &str| -> Vec<(String, u32, String)> {
        let of = findings.with_code(code);
        of.map(|f| (f.sheet.clone(), f.row, f.value.clone())).collect()
    };
    let dangling = |row, owner: &str| ("房屋信息".to_owned(), row, owner.to_owned());
    assert_eq!(places("DANGLING_OWNER"), [dangling(7, "6"), dangling(8, "7"), dangling(9, "8")]);
    let choices = &findings.with_code("DANGLING_OWNER").next().unwrap().choices;
    assert_eq!(choices[0], "IMPORT_AS_VACANT");
    let doubtful = |row| ("业主信息".to_owned(), row, "340100199001010017".to_owned());
    assert_eq!(places("DOUBTFUL_IDENTITY"), [2, 3, 4, 5, 6].map(doubtful));
    assert_eq!(places("PLACEHOLDER").len(), 1);
    assert_eq!(findings.as_slice().len(), 9, "{findings:#?}");
    check_legacy_fees(&mut book, &mapping);
}

fn check_legacy_fees(book: &mut Workbook, mapping: &Mapping) {
    let mut findings = Findings::default();
    let (found, links) = read_fees(book, mapping, &mut findings);
    let noticed = [(2, "缴费周期", "CYCLE_BY_ACCOUNT"), (3, "缴费周期", "CYCLE_BY_ACCOUNT")];
    assert_eq!(named(&findings), noticed);
    let settings: Vec<_> =
        found.iter().map(|fee| (fee.record.cycle_months, fee.record.formula)).collect();
    let area = |price| Formula::Area { price: Rate(price), surcharge: Fen(2000) };
    assert_eq!(settings, [(Some(6), area(1_300_000)), (Some(3), area(1_000_000))]);
    let first = &found[0].record;
    assert_eq!(first.billing_day, Some(BillingDay::Monthly(1)));
    assert_eq!((first.starts_on, first.ends_on), (Some(day("2020-6-10")), Some(day("2037-1-1"))));
    let links: Vec<_> =
        links.iter().map(|l| (l.row, l.record.fee.as_str(), l.record.starts_on)).collect();
    let (june, july) = (day("2020-06-10"), day("2020-07-10"));
    let want = [
        (2, "1", june),
        (2, "2", july),
        (3, "1", june),
        (4, "2", june),
        (5, "1", june),
        (5, "2", july),
        (6, "2", june),
        (7, "2", june),
        (8, "2", june),
        (9, "1", june),
        (9, "2", july),
    ];
    assert_eq!(links, want);
}

#[test]
fn a_file_of_an_older_system_is_understood_as_it_is() {
    check_legacy(crate::seed::legacy_roster().unwrap());
}

#[test]
#[ignore = "needs the sample file, not part of the repository: LEGACY_SAMPLE=<path>"]
fn the_sample_file_is_understood_as_it_is() {
    let path = std::env::var_os("LEGACY_SAMPLE").expect("LEGACY_SAMPLE names the file");
    check_legacy(std::fs::read(path).unwrap());
}

fn csv(name: &str, text: &str) -> (Roster, Findings, Findings) {
    let mut book = Workbook::open(text.into(), name, Limits::default()).unwrap();
    let mapping = recognise(book.sheets(), &TEMPLATE);
    let (roster, findings) = parse(&mut book, &mapping);
    let mut of_fees = Findings::default();
    read_fees(&mut book, &mapping, &mut of_fees);
    (roster, findings, of_fees)
}

fn named(findings: &Findings) -> Vec<(u32, &str, &str)> {
    let all = findings.as_slice().iter();
    all.map(|f| (f.row, f.column.as_str(), &*f.code)).collect()
}

#[test]
fn every_bad_unit_is_named() {
    let text = "房号,建筑面积,楼层,房屋费用,费用开始时间\n\
        3-1-1201,118.56,12,,\n3-1-1201,118.56,12,,\n3-1-1202,0,12,,\n3-1-1203,abc,x,,\n\
        3-1-1204,90,12,1#2,2020-1-1\n3-1-1205,90,12,9,2020-13-1\n3-1-1206,90,12,9,2020-1-1\n\
        3-1-1207,90,12,0,2020-1-1\n";
    let (roster, findings, of_fees) = csv("房屋信息.csv", text);
    let wrong = [
        (4, "建筑面积", "AREA_NOT_POSITIVE"),
        (5, "建筑面积", "NOT_A_NUMBER"),
        (5, "楼层", "NOT_A_WHOLE_NUMBER"),
        (3, "房号", "DUPLICATE"),
    ];
    assert_eq!(named(&findings), wrong);
    assert_eq!(roster.units.len(), 5);
    let first = &roster.units[0].record.unit;
    assert_eq!((first.building.as_str(), first.number.as_str()), ("3", "1201"));
    // Without settings in the file a fee may be one that billing knows.
    let wrong = [(6, "费用开始时间", "UNEQUAL_LISTS"), (7, "费用开始时间", "NOT_A_DATE")];
    assert_eq!(named(&of_fees), wrong);
}

#[test]
fn doubtful_people_are_named() {
    let text = "业主编号,姓名,年龄,手机号,身份证号\n\
        1,甲,1,18999999999,111111111111111111\n2,乙,30,123,11010519491231002x\n\
        2,丙,30,0551-62345678,\n3,,30,,\n4,丁,-1,13800138000,110105194912310021\n\
        5,戊,30,13800138000,110105194912310021\n";
    let (roster, findings, _) = csv("x.csv", text);
    let wrong = [
        (2, "年龄", "PLACEHOLDER"),
        (2, "手机号", "PLACEHOLDER"),
        (2, "身份证号", "PLACEHOLDER"),
        (3, "手机号", "PHONE_FORMAT"),
        (5, "姓名", "MISSING"),
        (6, "年龄", "OUT_OF_RANGE"),
        (4, "业主编号", "DUPLICATE"),
        (7, "身份证号", "DOUBTFUL_IDENTITY"),
    ];
    assert_eq!(named(&findings), wrong);
    assert_eq!(roster.people.len(), 3);
}

#[test]
fn a_fee_that_is_not_set_or_not_monthly_is_named() {
    let (mut settings, links) = our_fees();
    settings.truncate(2);
    settings[1].kind = FeeKind::OneTime;
    let mut writer = XlsxWriter::new();
    write_sheet(&mut writer, Language::En, settings).unwrap();
    write_sheet(&mut writer, Language::En, links).unwrap();
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    let (mut book, mapping) = open(file.into_inner());
    let mut findings = Findings::default();
    let (_, links) = read_fees(&mut book, &mapping, &mut findings);
    let wrong = [
        (3, "Fee kind", "ONE_TIME_FEE"),
        (3, "Fee code", "UNKNOWN_FEE"),
        (4, "Fee code", "UNKNOWN_FEE"),
        (5, "Fee code", "UNKNOWN_FEE"),
    ];
    assert_eq!(named(&findings), wrong);
    assert_eq!(links.len(), 1);
}

#[test]
fn other_words_other_order_and_other_sheet_names_are_understood() {
    let mut writer = XlsxWriter::new();
    let head = |texts: &[&str]| -> Vec<Header> {
        texts.iter().map(|text| Header { text: (*text).to_owned(), width: 12 }).collect()
    };
    let mut sheet = |name: &str, headers: &[&str], row: &[&str]| {
        writer.sheet(name, &head(headers)).unwrap();
        let cells: Vec<Value> = row.iter().map(Value::text).collect();
        writer.row(&cells).unwrap();
    };
    let unit = ["120,5 x", "118.56㎡", "O-7", "1201", "1", "3"];
    sheet("Tab 1", &["Remark", "Gross area (m2)", "Owner", "*Unit no", "单元号", "栋"], &unit);
    sheet("客户", &["联系电话", "姓名", "Owner ID"], &["199 0000 1234", "王芳", "O-7"]);
    sheet("x", &["单价", "公式", "Fee name", "Fee code"], &["2.35", "1001", "物业费", "A1"]);
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    let (mut book, mapping) = open(file.into_inner());
    let kinds: Vec<&str> = mapping.sheets.iter().map(|sheet| sheet.kind.as_str()).collect();
    assert_eq!(kinds, [kind::UNITS, kind::PEOPLE, kind::FEE_SETTINGS]);
    let (roster, mut findings) = parse(&mut book, &mapping);
    let (settings, _) = read_fees(&mut book, &mapping, &mut findings);
    assert_eq!(findings, Findings::default());
    assert_eq!(roster.units[0].record.unit.label(), "3-1-1201");
    assert_eq!(roster.units[0].record.owner.as_deref(), Some("O-7"));
    assert_eq!(roster.people[0].record.name, "王芳");
    assert_eq!(settings[0].record.item_code(), "A1");
}

#[test]
fn unknown_formulas_are_named() {
    let text =
        "费用编号,收费项目,计算公式,计费单价\n1,物业费,1001,2.35\n2,水费,3003,1\n1,电费,1001,-1\n";
    let (_, _, findings) = csv("费用设置.csv", text);
    assert_eq!(named(&findings), [(3, "计算公式", "UNKNOWN_FORMULA"), (4, "计费单价", "NEGATIVE")]);
}

fn unit_ref() -> UnitRef {
    UnitRef { building: "3".into(), entrance: "1".into(), number: "1201".into() }
}

fn located<T>((sheet, row): (std::sync::Arc<str>, u32), record: T) -> Vec<Located<T>> {
    vec![Located { sheet, row, record }]
}

fn ours() -> Roster {
    let at = |row| (std::sync::Arc::<str>::from(""), row);
    let text = |text: &str| Some(text.to_owned());
    let entrance =
        Entrance { building: "3".into(), entrance: "1".into(), floors: Some(18), lift: Some(true) };
    let person = Person {
        code: "P1".into(),
        name: "=王芳".into(),
        kind: Some(PartyKind::Person),
        gender: Some(Gender::Female),
        age: Some(41),
        phone: text("+86 13800138000"),
        identity: text("11010519491231002X"),
    };
    let unit = Unit {
        unit: unit_ref(),
        floor: Some(12),
        layout: text("三室两厅"),
        gross_area: Area(1_185_600),
        net_area: Some(Area(981_234)),
        usage: text("住宅"),
        state: text("在用"),
        owner: text("P1"),
    };
    let vehicle = Vehicle {
        plate: "皖A12345".into(),
        brand: text("大众"),
        kind: Some(VehicleType::Car),
        colour: text("白"),
    };
    let space = ParkingSpace {
        lot: "U".into(),
        code: "017".into(),
        kind: Some(SpaceKind::Underground),
        area: Some(Area(125_000)),
        owner: text("P1"),
        tenure: Some(Tenure::Sold),
        vehicle: Some(vehicle),
    };
    let occupancy = Occupancy {
        unit: unit_ref(),
        person: "P1".into(),
        role: Role::Lessee,
        starts_on: Some(day("2026-06-11")),
        ends_on: Some(day("2027-06-10")),
        payer: Some(true),
    };
    let member = Member {
        unit: unit_ref(),
        name: "王小芳".into(),
        relation: "女儿".into(),
        gender: Some(Gender::Female),
        phone: None,
        identity: None,
    };
    Roster {
        entrances: located(at(2), entrance),
        people: located(at(2), person),
        units: located(at(2), unit),
        spaces: located(at(2), space),
        occupancies: located(at(2), occupancy),
        members: located(at(2), member),
    }
}

fn records<T: Clone>(rows: &[Located<T>]) -> Vec<T> {
    rows.iter().map(|found| found.record.clone()).collect()
}

fn our_fees() -> (Vec<FeeSetting>, Vec<FeeLink>) {
    let fee = |code: &str, formula, billing_day| FeeSetting {
        code: code.into(),
        fee_type: Some("物业费".into()),
        name: format!("费用{code}"),
        kind: FeeKind::Recurring,
        item: Some("PROPERTY".into()),
        name_en: Some("Property fee".into()),
        partner: None,
        proration: Some(Proration::HalfMonth),
        timing: Some(PaymentTiming::Prepaid),
        cycle_months: Some(1),
        billing_day: Some(billing_day),
        starts_on: Some(day("2026-01-01")),
        ends_on: None,
        formula,
    };
    let area = Formula::Area { price: Rate(2_350_001), surcharge: Fen(2050) };
    let settings = vec![
        fee("1", area, BillingDay::Yearly(1, 31)),
        fee("2", Formula::Fixed(Fen(99)), BillingDay::Immediate),
        fee("3", Formula::Space(Fen(6_000)), BillingDay::Daily),
    ];
    let link = |target, fee: &str, ends_on| FeeLink {
        target,
        fee: fee.into(),
        starts_on: day("2026-06-11"),
        ends_on,
    };
    let shops = FeeTarget::All { building: Some("3".into()), used_as: Some(FeeUse::Shop) };
    let links = vec![
        link(FeeTarget::Unit(unit_ref()), "1", None),
        link(FeeTarget::Space { lot: "U".into(), code: "017".into() }, "3", None),
        link(shops, "2", Some(day("2026-12-31"))),
        link(FeeTarget::All { building: None, used_as: None }, "2", None),
    ];
    (settings, links)
}

#[test]
fn our_own_file_comes_back_as_written() {
    for language in [Language::Zh, Language::En] {
        let (want, (settings, links)) = (ours(), our_fees());
        let mut writer = XlsxWriter::new();
        write_sheet(&mut writer, language, records(&want.entrances)).unwrap();
        write_sheet(&mut writer, language, records(&want.people)).unwrap();
        write_sheet(&mut writer, language, records(&want.units)).unwrap();
        write_sheet(&mut writer, language, records(&want.spaces)).unwrap();
        write_sheet(&mut writer, language, records(&want.occupancies)).unwrap();
        write_sheet(&mut writer, language, records(&want.members)).unwrap();
        write_sheet(&mut writer, language, settings.clone()).unwrap();
        write_sheet(&mut writer, language, links.clone()).unwrap();
        write_notes(&mut writer, language).unwrap();
        let mut file = Cursor::new(Vec::new());
        writer.finish(&mut file).unwrap();

        let (mut book, mapping) = open(file.into_inner());
        assert_eq!((mapping.sheets.len(), mapping.ignored.len()), (8, 1));
        let (got, mut findings) = parse(&mut book, &mapping);
        assert_eq!(records(&got.entrances), records(&want.entrances));
        assert_eq!(records(&got.people), records(&want.people));
        assert_eq!(records(&got.units), records(&want.units));
        assert_eq!(records(&got.spaces), records(&want.spaces));
        assert_eq!(records(&got.occupancies), records(&want.occupancies));
        assert_eq!(records(&got.members), records(&want.members));
        let (got_settings, got_links) = read_fees(&mut book, &mapping, &mut findings);
        assert_eq!(records(&got_settings), settings);
        assert_eq!(records(&got_links), links);
        assert_eq!(findings, Findings::default());
    }
}

#[test]
fn our_own_csv_comes_back_as_written() {
    let want = ours();
    let bytes = write_csv(Vec::new(), Language::Zh, records(&want.people)).unwrap();
    let (mut book, mapping) = open(bytes);
    let (got, findings) = parse(&mut book, &mapping);
    assert_eq!(records(&got.people), records(&want.people));
    assert_eq!(findings, Findings::default());
}
