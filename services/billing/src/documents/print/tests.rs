//! Documents as people get them: their text, their bytes, and their pages as pictures.

use super::{
    Bilingual, Book, DisclosedFund, DisclosedRate, Disclosure, DunningNotice, Head,
    InstalmentAgreement, NoticeLine, OverdueLine, PaymentNotice, Printed, ReceiptPaper,
    ReceiptTitle, RefundForm, SettlementLine, SettlementSheet, Statement, StatementRow,
    pages::{assert_looks, text},
};
use chrono::NaiveDate;
use money::Fen;
use texts::Language::{self, En, Zh};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}

fn head(letters: &str) -> Head {
    Head {
        estate: "翡翠湖畔花园".to_owned(),
        number: format!("FCH-{letters}-202607-000123"),
        issued_at: day("2026-07-20").and_hms_opt(9, 30, 0).unwrap(),
        issuer: Some("前台 1024".to_owned()),
        verify: "https://estate.example/verify/K7QF3M2P9XTRB4WD".to_owned(),
        code: "K7QF-3M2P-9XTR-B4WD".to_owned(),
        void: false,
    }
}

/// Scenario 1: a quarter's property fee of 118.56 m² at 2.35.
fn notice() -> PaymentNotice {
    let month = |from: &str, to: &str| NoticeLine {
        item: both("物业服务费", "Property fee"),
        description: None,
        from: day(from),
        to: day(to),
        formula: Some(both(
            "118.56 m² × 2.35 = 278.616 → 278.62",
            "118.56 m² × 2.35 = 278.616 → 278.62",
        )),
        amount: Fen(27_862),
    };
    PaymentNotice {
        head: head("TZ"),
        debtor: "王芳".to_owned(),
        unit: Some("3-1-1201".to_owned()),
        period: "2026-07 – 2026-09".to_owned(),
        due: day("2026-07-15"),
        lines: vec![
            month("2026-07-01", "2026-07-31"),
            month("2026-08-01", "2026-08-31"),
            month("2026-09-01", "2026-09-30"),
        ],
        settled: Fen::ZERO,
        previous_debt: Fen(1_672),
        prepayment: Fen::ZERO,
        capitals: true,
    }
}

/// The receipt of scenario 1: 835.86 and a late fee of 16.72.
fn receipt() -> ReceiptPaper {
    ReceiptPaper {
        head: head("SJ"),
        title: ReceiptTitle::Payment,
        payer: "王芳".to_owned(),
        unit: Some("3-1-1201".to_owned()),
        method: Some(both("微信支付", "WeChat Pay")),
        lines: vec![
            ("2026-07 – 2026-09 账单".to_owned(), Fen(83_586)),
            ("违约金 835.86 × 0.05% × 40".to_owned(), Fen(1_672)),
        ],
        total: Fen(85_258),
        replaces: None,
        void_reason: None,
        capitals: true,
    }
}

fn statement(rows: usize) -> Statement {
    let mut balance = Fen::ZERO;
    let row = |at: usize| {
        let change = if at % 3 == 2 { Fen(-55_724) } else { Fen(27_862) };
        balance += change;
        let what = if at % 3 == 2 {
            both("收款 pay_0190", "Payment pay_0190")
        } else {
            both("应收 物业服务费", "Charge: property fee")
        };
        StatementRow { day: day("2026-07-01"), what, change, balance }
    };
    Statement {
        head: head("DZ"),
        debtor: "王芳".to_owned(),
        unit: Some("3-1-1201".to_owned()),
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        opening: Fen::ZERO,
        rows: (0..rows).map(row).collect(),
    }
}

fn dunning() -> DunningNotice {
    let line = OverdueLine {
        what: both("物业服务费 2026-07 – 2026-09", "Property fee 2026-07 – 2026-09"),
        due: day("2026-07-15"),
        principal: Fen(83_586),
        days: 40,
        late_fee: Fen(1_672),
        arithmetic: Some(both(
            "835.86 × 0.05%/日 × 40 日 = 16.7172 → 16.72，上限 30% = 250.76",
            "835.86 × 0.05% a day × 40 days = 16.7172 → 16.72; capped at 30% = 250.76",
        )),
    };
    DunningNotice {
        head: head("CJ"),
        debtor: "王芳".to_owned(),
        unit: Some("3-1-1201".to_owned()),
        lines: vec![line],
        on: day("2026-08-24"),
        pay_by: day("2026-08-31"),
        contact: both("翡翠湖畔花园物业服务中心", "The management office"),
        capitals: true,
    }
}

fn refund() -> RefundForm {
    let step = |zh: &str, en: &str, remark: &str| {
        (both(zh, en), "1024".to_owned(), "2026-07-20 10:15".to_owned(), remark.to_owned())
    };
    RefundForm {
        head: head("TS"),
        payee: "王芳".to_owned(),
        unit: Some("3-1-1201".to_owned()),
        payment: "FCH-SJ-202607-000123".to_owned(),
        channel: both("现金", "Cash"),
        amount: Fen(10_000),
        reason: "重复缴费".to_owned(),
        steps: vec![step("申请", "Requested", "重复缴费"), step("批准", "Approved", "已核实")],
        capitals: true,
    }
}

/// Scenario 2's end: the deposits less what was kept.
fn settlement() -> SettlementSheet {
    let line = |zh: &str, en: &str, amount: i64| SettlementLine {
        what: both(zh, en),
        note: None,
        amount: Fen(amount),
    };
    SettlementSheet {
        head: head("JS"),
        matter: both("装修押金结算", "Settlement of a renovation deposit"),
        party: "王芳".to_owned(),
        unit: Some("3-1-1201".to_owned()),
        additions: vec![
            line("装修押金", "Renovation deposit", 200_000),
            line("出入证押金 6 × 50.00", "Pass deposits 6 × 50.00", 30_000),
        ],
        deductions: vec![
            line("清运走廊垃圾", "Rubbish in the corridor", 15_000),
            line("电梯面板维修", "Lift panel repaired", 38_000),
        ],
        pays_back: Some(both("银行转账", "Bank transfer")),
        capitals: true,
    }
}

/// Three parts of 389.92, the last with the residue.
fn instalments() -> InstalmentAgreement {
    InstalmentAgreement {
        head: head("FQ"),
        debtor: "孙总".to_owned(),
        unit: Some("S-1-0008".to_owned()),
        debt_of: "2026-01 – 2026-06".to_owned(),
        instalments: vec![
            (day("2026-08-15"), Fen(12_997)),
            (day("2026-09-15"), Fen(12_997)),
            (day("2026-10-15"), Fen(12_996)),
        ],
        capitals: true,
    }
}

fn disclosure() -> Disclosure {
    let fund = |zh: &str, en: &str, changes: Vec<(Bilingual, Fen)>| DisclosedFund {
        name: both(zh, en),
        opening: Fen(1_234_567),
        changes,
    };
    Disclosure {
        head: head("GS"),
        from: day("2026-07-01"),
        to: day("2026-09-30"),
        version: 2,
        note: Some("更正：补记路灯更换费用。".to_owned()),
        fund_is_low: true,
        rates: vec![DisclosedRate {
            item: both("物业服务费", "Property fee"),
            rate: both("每月 2.35 / m²", "2.35 / m² a month"),
            since: day("2026-01-01"),
        }],
        funds: vec![
            fund(
                "公共收益",
                "Income of common parts",
                vec![
                    (both("地面停车", "Parking on common ground"), Fen(1_440_000)),
                    (both("路灯更换", "Street lamps replaced"), Fen(-320_050)),
                ],
            ),
            fund("专项维修资金", "Maintenance fund", Vec::new()),
        ],
    }
}

fn all() -> Vec<(&'static str, Box<dyn Printed>)> {
    vec![
        ("payment_notice", Box::new(notice())),
        ("receipt", Box::new(receipt())),
        ("dunning_notice", Box::new(dunning())),
        ("statement", Box::new(statement(12))),
        ("refund_form", Box::new(refund())),
        ("settlement_sheet", Box::new(settlement())),
        ("instalment_agreement", Box::new(instalments())),
        ("disclosure", Box::new(disclosure())),
    ]
}

/// Without white space, which tools put where they think that columns are.
fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

fn written(document: &dyn Printed, language: Language) -> Vec<u8> {
    document.render(language).unwrap()
}

#[test]
fn the_same_document_is_the_same_bytes() {
    for (name, document) in all() {
        assert_eq!(written(&*document, Zh), written(&*document, Zh), "{name}");
    }
}

#[test]
fn every_page_looks_as_it_was_approved() {
    for (name, document) in all() {
        for (language, tongue) in [(Zh, "zh"), (En, "en")] {
            assert_looks(&format!("{name}.{tongue}"), &written(&*document, language), 1);
        }
    }
}

#[test]
fn a_notice_says_what_why_when_and_how() {
    let seen = dense(&text(&written(&notice(), Zh)));
    for part in [
        "缴费通知单",
        "翡翠湖畔花园",
        "FCH-TZ-202607-000123",
        "K7QF-3M2P-9XTR-B4WD",
        "3-1-1201",
        "118.56 m² × 2.35 = 278.616 → 278.62",
        "835.86",
        "16.72",
        "852.58",
        "2026-07-15",
        "人民币捌佰伍拾贰元伍角捌分",
        "微信",
        "第1页/共1页",
        "CH-26-01",
    ] {
        let part = dense(part);
        assert!(seen.contains(&part), "{part} is not in {seen}");
    }
    let english = dense(&text(&written(&notice(), En)));
    for part in ["Payment notice", "Previous debt", "852.58", "Page 1 of 1", "WeChat Pay"] {
        let part = dense(part);
        assert!(english.contains(&part), "{part} is not in {english}");
    }
}

#[test]
fn a_reminder_prints_the_late_fee_with_its_arithmetic_and_the_right_to_object() {
    let seen = text(&written(&dunning(), Zh));
    for part in ["835.86", "16.72", "250.76", "852.58", "异议", "不会因欠费停水", "2026-08-31"]
    {
        assert!(seen.contains(part), "{part} is not in {seen}");
    }
}

#[test]
fn sums_are_computed_from_their_parts() {
    assert_eq!(notice().to_pay(), Fen(85_258));
    assert_eq!(PaymentNotice { prepayment: Fen(900_000), ..notice() }.to_pay(), Fen::ZERO);
    assert_eq!(settlement().net(), Fen(177_000));
    assert_eq!(instalments().debt(), Fen(38_990));
    assert_eq!(disclosure().funds[0].closing(), Fen(2_354_517));
    let seen = text(&written(&settlement(), Zh));
    assert!(seen.contains("1,770.00") && seen.contains("人民币壹仟柒佰柒拾元整"), "{seen}");
}

#[test]
fn a_long_table_goes_on_under_its_head_on_each_page() {
    let long = written(&statement(150), Zh);
    let pages: Vec<String> = text(&long).split('\u{c}').map(dense).collect();
    let pages: Vec<&String> = pages.iter().filter(|page| !page.is_empty()).collect();
    assert!(pages.len() >= 4, "{}", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("余额（元）"), "page {at}: {page}");
        let of = format!("第{}页/共{}页", at + 1, pages.len());
        assert!(page.contains(&of), "page {at}: {page}");
    }
    let lines: usize = pages.iter().map(|page| page.matches("物业服务费").count()).sum();
    assert_eq!(lines, 100);
}

#[test]
fn a_void_receipt_is_marked_on_each_page() {
    let valid = receipt();
    let head = Head { void: true, ..valid.head.clone() };
    let void = ReceiptPaper { head, void_reason: Some("金额录入错误".to_owned()), ..valid };
    let pdf = written(&void, Zh);
    assert!(text(&pdf).contains("金额录入错误"));
    assert_looks("receipt_void.zh", &pdf, 1);
}

#[test]
fn only_the_characters_that_are_shown_are_embedded() {
    let size = written(&receipt(), Zh).len();
    assert!(size < 60_000, "{size} bytes");
}

#[test]
fn a_thousand_notices_are_one_file_that_the_store_takes() {
    let mut book = Book::new("缴费通知单", Zh);
    let paper = notice().paper(Zh);
    for _ in 0..1_000 {
        book.add(&paper).unwrap();
    }
    assert_eq!(book.pages(), 1_000);
    let size = book.finish().unwrap().len();
    assert!(size < files::MAX_BYTES / 4, "{size} bytes");
}
