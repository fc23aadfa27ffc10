//! The crate from outside: files in, rows and mappings out, files back.

use super::*;
use chrono::NaiveDate;
use std::io::{Cursor, Write as _};

static TEMPLATE: Template = Template {
    kinds: &[
        Kind {
            key: "people",
            zh: "业主信息",
            en: "People",
            aliases: &["业主"],
            columns: &[
                Column::required("code", "业主编号", "Code", &["编号"]),
                Column::required("name", "业主名称", "Name", &["姓名"]),
                Column::optional("born", "出生日期", "Born", &[]),
            ],
        },
        Kind {
            key: "units",
            zh: "房屋信息",
            en: "Units",
            aliases: &[],
            columns: &[
                Column::required("number", "房屋编号", "Number", &[]),
                Column::optional("area", "建筑面积", "Area", &[]),
                Column::optional("owner", "业主编号", "Owner", &[]),
            ],
        },
    ],
};

fn headers(texts: &[&str]) -> Vec<Header> {
    texts.iter().map(|text| Header { text: (*text).to_owned(), width: 10 }).collect()
}

fn xlsx(fill: impl FnOnce(&mut XlsxWriter)) -> Vec<u8> {
    let mut writer = XlsxWriter::new();
    fill(&mut writer);
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    file.into_inner()
}

fn open(bytes: Vec<u8>) -> Workbook {
    Workbook::open(bytes, "业主信息.csv", Limits::default()).unwrap()
}

fn rows(book: &mut Workbook, sheet: &str) -> Vec<Row> {
    book.rows(sheet).unwrap().collect::<Result<_, _>>().unwrap()
}

fn hostile() -> Vec<Value> {
    let day = NaiveDate::from_ymd_opt(2020, 6, 10).unwrap();
    let text = ["=HYPERLINK(\"x\")", "@x", "+86 1", "-1", "中文，\"引号\"", "'=x"];
    let mut values: Vec<_> = text.iter().map(Value::text).collect();
    values.extend([Value::number(money::Area(945_600)), Value::Date(day), Value::Empty]);
    values
}

fn check_hostile(row: &Row) {
    let texts: Vec<_> = row.cells[..6].iter().map(Cell::shown).collect();
    assert_eq!(texts, ["=HYPERLINK(\"x\")", "@x", "+86 1", "-1", "中文，\"引号\"", "'=x"]);
    assert_eq!(row.cells[6].area(), Ok(Some(money::Area(945_600))));
    assert_eq!(row.cells[7].date(), Ok(NaiveDate::from_ymd_opt(2020, 6, 10)));
}

#[test]
fn xlsx_comes_back_as_written_and_runs_nothing() {
    let bytes = xlsx(|writer| {
        writer.sheet("表一", &headers(&["甲", "乙"])).unwrap();
        writer.row(&hostile()).unwrap();
        writer.notes("说明", &["标题", "=不是公式"]).unwrap();
    });
    let mut raw: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
    assert!(calamine::Reader::worksheet_formula(&mut raw, "表一").unwrap().is_empty());

    let mut book = open(bytes);
    check_hostile(&rows(&mut book, "表一")[1]);
    assert_eq!(rows(&mut book, "说明")[1].cells[0].shown(), "=不是公式");
}

#[test]
fn csv_comes_back_as_written_and_runs_nothing() {
    let mut writer = CsvWriter::new(Vec::new(), &headers(&["甲"; 9])).unwrap();
    writer.row(&hostile()).unwrap();
    let bytes = writer.finish().unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let mut raw = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[3..]);
    for cell in raw
        .records()
        .flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
    {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
    }
    check_hostile(&rows(&mut open(bytes), "业主信息")[1]);
}

#[test]
fn tables_are_found_among_titles_and_explanations() {
    let bytes = xlsx(|writer| {
        writer.sheet("Sheet1", &headers(&["阳光花园业主登记表"])).unwrap();
        let header = ["姓名", "*业主编号（必填）", "", "说明", "业主编号"];
        writer.row(&header.map(Value::text)).unwrap();
        writer.row(&["张三", "1", "", "", "必须唯一"].map(Value::text)).unwrap();
        writer.row(&["", "", "", "业主编号", "不能重复"].map(Value::text)).unwrap();
        writer.row(&["", "2"].map(Value::text)).unwrap();
        writer.row(&["注意：以上必填"].map(Value::text)).unwrap();
        writer.sheet("目录", &headers(&["随便"])).unwrap();
    });
    let mut book = open(bytes);
    let mapping = recognise(book.sheets(), &TEMPLATE);
    assert_eq!(mapping.ignored, ["目录"]);
    mapping.validate(&TEMPLATE, &book).unwrap();
    let people = mapping.of_kind("people").next().unwrap();
    assert_eq!((people.header_row, people.columns["code"].index), (2, 1));

    let (mut findings, mut seen) = (Findings::default(), Vec::new());
    for_each_row(&mut book, people, &mut findings, |row| {
        let code = row.text("code");
        row.need("name", Cell::text);
        seen.push((row.row(), code, row.is_good()));
    })
    .unwrap();
    assert_eq!(seen, [(3, Some("1".to_owned()), true), (5, Some("2".to_owned()), false)]);
    let [missing] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((missing.row, missing.column.as_str(), &*missing.code), (5, "姓名", "MISSING"));
    assert_eq!(missing.severity, Severity::Error);
}

#[test]
fn an_adjusted_mapping_is_checked_field_by_field() {
    let book = open("业主编号,业主名称\n1,张三\n".into());
    let mut mapping = recognise(book.sheets(), &TEMPLATE);
    let text = serde_json::to_string(&mapping).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&text).unwrap(), mapping);

    let sheet = &mut mapping.sheets[0];
    sheet.sheet = "别处".to_owned();
    let name = sheet.columns.remove("name").unwrap();
    sheet.columns.insert("born".to_owned(), ColumnMapping { index: 0, ..name.clone() });
    sheet.columns.insert("colour".to_owned(), name);
    let errors = mapping.validate(&TEMPLATE, &book).unwrap_err();
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    let columns = ["name", "code", "colour"].map(|key| format!("sheets.0.columns.{key}"));
    assert_eq!(fields[0], "sheets.0.sheet");
    assert_eq!(fields[1], columns[0]);
    assert!(fields.contains(&columns[2].as_str()), "{fields:?}");
    assert_eq!(fields.len(), 4, "{fields:?}");
    assert!(Mapping::default().validate(&TEMPLATE, &book).is_err());
}

fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_parsed() {
    let limits = Limits { unpacked_bytes: 1 << 20, held_bytes: 1 << 18, ..Limits::default() };
    for (name, size) in [("xl/worksheets/sheet1.xml", 2 << 20), ("xl/sharedStrings.xml", 1 << 19)] {
        let bomb = archive(name, &vec![b' '; size]);
        assert!(bomb.len() < 10_000);
        let refused = Workbook::open(bomb, "x.xlsx", limits);
        assert!(matches!(refused, Err(SheetError::TooLarge(_))), "{name}");
    }
    let other = Workbook::open(archive("a.txt", b"x"), "x.xlsx", limits);
    assert!(matches!(other, Err(SheetError::Damaged(_))));
}

#[test]
fn files_beyond_the_limits_are_refused() {
    let open = |text: &str, limits| {
        let mut book = Workbook::open(text.into(), "x.csv", limits)?;
        book.rows("x")?.collect::<Result<Vec<_>, _>>()
    };
    let limits = Limits { rows: 2, columns: 2, cell_bytes: 5, file_bytes: 20, ..Limits::default() };
    assert_eq!(open("1,2\n\n3,4,,\n", limits).unwrap().len(), 2);
    for text in ["1\n2\n3", "1,2,3", "123456", "1\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"] {
        assert!(matches!(open(text, limits), Err(SheetError::TooLarge(_))), "{text}");
    }
}

/// Peak resident memory of this process, kB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// 50,000 units of 20 columns as Excel saves them: two thirds of the cells are texts, each text of
/// its own, held in the table of shared texts.
fn large_file() -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, write: &dyn Fn(&mut dyn std::io::Write)| {
        file.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let mut to = std::io::BufWriter::new(&mut file);
        to.write_all(HEAD.as_bytes()).unwrap();
        write(&mut to);
    };
    part("_rels/.rels", &|to| {
        let space = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
        let book = "Target=\"xl/workbook.xml\"";
        write!(
            to,
            "<Relationships {space}><Relationship Id=\"rId1\" Type=\"{RELATED}/officeDocument\" {book}/></Relationships>"
        )
        .unwrap();
    });
    part("xl/workbook.xml", &|to| {
        let sheet = "<sheet name=\"房屋信息\" sheetId=\"1\" r:id=\"rId1\"/>";
        write!(to, "<workbook {MAIN} xmlns:r=\"{RELATED}\"><sheets>{sheet}</sheets></workbook>")
            .unwrap();
    });
    part("xl/_rels/workbook.xml.rels", &|to| {
        let space = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
        let sheet = "Target=\"worksheets/sheet1.xml\"";
        let texts = "Target=\"sharedStrings.xml\"";
        write!(
            to,
            "<Relationships {space}><Relationship Id=\"rId1\" Type=\"{RELATED}/worksheet\" {sheet}/>\
             <Relationship Id=\"rId2\" Type=\"{RELATED}/sharedStrings\" {texts}/></Relationships>"
        )
        .unwrap();
    });
    part("xl/sharedStrings.xml", &|to| {
        write!(to, "<sst {MAIN}>").unwrap();
        for text in 0..700_000 {
            write!(to, "<si><t>房屋内容{text}</t></si>").unwrap();
        }
        write!(to, "</sst>").unwrap();
    });
    part("xl/worksheets/sheet1.xml", &|to| {
        write!(to, "<worksheet {MAIN}><sheetData>").unwrap();
        for row in 0..50_000 {
            write!(to, "<row r=\"{}\">", row + 1).unwrap();
            for column in 0..20_u8 {
                let name = char::from(b'A' + column);
                let kind = if column < 14 { " t=\"s\"" } else { "" };
                let value = row * 14 + u32::from(column.min(13));
                write!(to, "<c r=\"{name}{}\"{kind}><v>{value}</v></c>", row + 1).unwrap();
            }
            write!(to, "</row>").unwrap();
        }
        write!(to, "</sheetData></worksheet>").unwrap();
    });
    file.finish().unwrap().into_inner()
}

#[test]
#[ignore = "half a minute without optimisation; run it alone: --run-ignored only"]
fn fifty_thousand_units_stay_in_bounded_memory() {
    let bytes = large_file();
    let size = bytes.len();
    let mut book = open(bytes);
    let (mut count, mut last) = (0, Row::default());
    for row in book.rows("房屋信息").unwrap() {
        (count, last) = (count + 1, row.unwrap());
    }
    assert_eq!((count, last.number), (50_000, 50_000));
    assert_eq!(last.cells[13].shown(), "房屋内容699999");
    let peak = peak_kb();
    println!("50,000 rows of 20 columns, {size} bytes: peak RSS {peak} kB");
    assert!(peak < 150 << 10, "{peak} kB");
}

#[test]
fn findings_beyond_the_bound_are_counted_and_do_not_crowd_out_others() {
    let finding =
        |severity, row| Finding::new(severity, ("x", row, "y"), "z", Wrong::new("W", "", ""));
    let fill = |severity, count: usize| {
        let mut findings = Findings::default();
        for row in (1..).take(count) {
            findings.push(finding(severity, row));
        }
        findings
    };
    let mut findings = fill(Severity::Warning, Findings::MOST + 7);
    findings.push(finding(Severity::Error, 1));
    findings.append(fill(Severity::Error, Findings::MOST + 2));
    let counts = [Severity::Error, Severity::Warning].map(|severity| findings.count(severity));
    assert_eq!(counts, [Findings::MOST + 3, Findings::MOST + 7]);
    assert_eq!(findings.left_out(), 10);
    assert_eq!(findings.as_slice().len(), 2 * Findings::MOST);
}
