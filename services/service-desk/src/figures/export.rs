//! Figures as a workbook: the numbers, and the tickets behind them.

use super::{
    FIGURES_EXPORT, FIGURES_READ,
    domain::{Kind, Measure, Ticket, behind},
    read::{Counted, Names, Which, counted},
    say,
};
use crate::Refused;
use crate::shares::rate;
use authz::{AuditFact, Caller, audit};
use axum::Router;
use chrono::{DateTime, Utc};
use contracts::{FileId, residents::FileKept};
use db::Db;
use files::FileStore;
use sheets::{Header, SheetError, Value, XlsxWriter};
use std::io::Cursor;
use texts::{Language, Text};

/// The measures in the order of the columns.
const COLUMNS: [Measure; 13] = [
    Measure::Opened,
    Measure::Handled,
    Measure::ResponsePromised,
    Measure::RespondedOnTime,
    Measure::ResolutionPromised,
    Measure::ResolvedOnTime,
    Measure::FirstContact,
    Measure::Open,
    Measure::OpenDay,
    Measure::OpenThreeDays,
    Measure::OpenSevenDays,
    Measure::OpenThirtyDays,
    Measure::OpenLonger,
];

/// The rates of the first sheet: what is the share of what.
const RATES: [(Measure, Measure); 3] = [
    (Measure::Handled, Measure::Opened),
    (Measure::RespondedOnTime, Measure::ResponsePromised),
    (Measure::ResolvedOnTime, Measure::ResolutionPromised),
];

/// Hands exported figures out by signed links.
pub(crate) fn routes(files: FileStore) -> Router {
    Router::new().nest("/files/figures", files::downloads(files))
}

/// Writes a workbook of figures in the caller's language; a link to it, good for ten minutes.
#[tracing::instrument(name = "usecase.figures.export", skip_all)]
pub(super) async fn export(
    (db, files): (&Db, &FileStore),
    caller: &Caller,
    which: Which,
    language: Language,
) -> Result<String, Refused> {
    caller.act(FIGURES_EXPORT, FIGURES_READ, which.estate)?;
    let scope = db.read(caller.tenant()).await?;
    let counted = counted(&scope, caller, (which, FIGURES_EXPORT)).await?;
    let names = Names::of(&scope, &counted).await?;
    drop(scope);
    let name = format!("{}-{}.xlsx", counted.estate.code, which.month);
    let many = counted.tickets.len();
    let written = tokio::task::spawn_blocking(move || write(&counted, &names, language)).await;
    let bytes = written.unwrap_or_else(|died| std::panic::resume_unwind(died.into_panic()));
    let bytes = bytes.map_err(|error| db::StorageError::unreadable(error.to_string()))?;
    let file = FileId::from_uuid(db.clock().uuid());
    files.put(caller.tenant(), file.as_uuid(), &bytes).await?;
    let scope = db.write(caller.tenant()).await?;
    let fact = AuditFact {
        action: "desk_figures.exported",
        object: which.month.to_string(),
        estate: Some(which.estate),
        reason: None,
        detail: (which.version, many),
    };
    audit(&scope, caller, fact).await?;
    let bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    events::publish(&scope, &FileKept { file, bytes }).await?;
    scope.commit().await?;
    let link = files.download_link("service-desk", caller.tenant(), file, &name);
    Ok(link.replacen("/files/service-desk/", "/files/service-desk/figures/files/", 1))
}

fn header(text: Text, language: Language) -> Header {
    Header { text: text.say(language), width: 16 }
}

/// What a kind is called.
fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Contact => say::kind_contact(),
        Kind::Revisit => say::kind_revisit(),
        Kind::WorkOrder => say::kind_work_order(),
        Kind::Complaint => say::kind_complaint(),
        Kind::SpecialOrder => say::kind_special_order(),
        Kind::CallBack => say::kind_call_back(),
        Kind::Memo => say::kind_memo(),
    }
}

/// What the share that a measure counts is called.
fn share(part: Measure) -> Text {
    match part {
        Measure::RespondedOnTime => say::response_rate(),
        Measure::ResolvedOnTime => say::resolution_rate(),
        _ => say::handling_rate(),
    }
}

fn measure(measure: Measure) -> Text {
    match measure {
        Measure::Opened => say::opened(),
        Measure::Handled => say::handled(),
        Measure::ResponsePromised => say::response_promised(),
        Measure::RespondedOnTime => say::responded_on_time(),
        Measure::ResolutionPromised => say::resolution_promised(),
        Measure::ResolvedOnTime => say::resolved_on_time(),
        Measure::FirstContact => say::first_contact(),
        Measure::Open => say::open(),
        Measure::OpenDay => say::open_day(),
        Measure::OpenThreeDays => say::open_three(),
        Measure::OpenSevenDays => say::open_seven(),
        Measure::OpenThirtyDays => say::open_thirty(),
        Measure::OpenLonger => say::open_longer(),
    }
}

fn write(counted: &Counted, names: &Names, language: Language) -> Result<Vec<u8>, SheetError> {
    let mut book = XlsxWriter::new();
    numbers(&mut book, counted, names, language)?;
    tickets(&mut book, counted, names, language)?;
    let mut bytes = Cursor::new(Vec::new());
    book.finish(&mut bytes)?;
    Ok(bytes.into_inner())
}

fn numbers(
    book: &mut XlsxWriter,
    counted: &Counted,
    names: &Names,
    language: Language,
) -> Result<(), SheetError> {
    let words = [say::kind(), say::group()].into_iter().chain(RATES.map(|(part, _)| share(part)));
    let words = words.chain(COLUMNS.map(measure));
    let headers: Vec<Header> = words.map(|text| header(text, language)).collect();
    book.sheet(&say::sheet_figures().say(language), &headers)?;
    for of in Kind::ALL {
        for key in counted.groups(of) {
            let count = |measure| {
                let which = (of, counted.which.by, Some(&*key));
                behind(&counted.tickets, which, (measure, counted.window), counted.estate.zone)
                    .len()
            };
            let label = names.label(counted.which.by, &key);
            let label = label.unwrap_or_else(|| say::nowhere().say(language));
            let percent = |points: u32| format!("{}.{:02}", points / 100, points % 100);
            let mut row = vec![Value::text(kind(of).say(language)), Value::text(label)];
            row.extend(RATES.map(|(part, all)| {
                let share = rate(count(part), count(all));
                Value::of(share, |points| Value::number(percent(points)))
            }));
            row.extend(COLUMNS.map(|measure| Value::number(count(measure))));
            book.row(&row)?;
        }
    }
    Ok(())
}

fn tickets(
    book: &mut XlsxWriter,
    counted: &Counted,
    names: &Names,
    language: Language,
) -> Result<(), SheetError> {
    let headers = [
        say::kind(),
        say::reference(),
        say::class(),
        say::officer(),
        say::building(),
        say::opened_at(),
        say::respond_by(),
        say::responded_at(),
        say::resolve_by(),
        say::resolved_at(),
    ];
    let headers = headers.map(|text| header(text, language));
    book.sheet(&say::sheet_tickets().say(language), &headers)?;
    let zone = counted.estate.zone;
    let time = |at: DateTime<Utc>| Value::text(at.with_timezone(&zone).format("%Y-%m-%d %H:%M"));
    let nobody = say::nobody().say(language);
    let row = |ticket: &Ticket| {
        let officer = ticket.officer.and_then(|id| names.officers.get(&id));
        let building = ticket.building.and_then(|id| names.buildings.get(&id));
        [
            Value::text(kind(ticket.kind).say(language)),
            Value::text(&ticket.reference),
            Value::text(&ticket.class),
            Value::text(officer.map_or(&nobody, |colleague| &colleague.name)),
            Value::of(building, Value::text),
            time(ticket.opened_at),
            Value::of(ticket.respond_by, time),
            Value::of(ticket.responded_at, time),
            Value::of(ticket.resolve_by, time),
            Value::of(ticket.resolved_at, time),
        ]
    };
    counted.tickets.iter().try_for_each(|ticket| book.row(&row(ticket)))
}
