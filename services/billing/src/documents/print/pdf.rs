//! Sheets as PDF: the same sheets are always the same bytes.

use super::{
    font, frame,
    paper::Paper,
    sheet::{HEIGHT, Ink, Mark, Sheet, WIDTH},
};
use errors::{Code, Coded};
use krilla::{
    Document,
    color::rgb,
    geom::{Path, PathBuilder, Point, Rect, Transform},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    text::Font,
};
use qrcodegen::{QrCode, QrCodeEcc};
use texts::{Language, Text};

/// A document cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the document cannot be written: {0}")]
pub struct PrintError(String);

impl Coded for PrintError {
    fn code(&self) -> Code {
        Code::Internal
    }
    fn text(&self) -> Text {
        self.code().text()
    }
}

/// Documents one after the other in one file.
pub(crate) struct Book {
    document: Document,
    font: Font,
    pages: usize,
}

impl Book {
    /// A file without pages.
    pub fn new(title: &str, language: Language) -> Self {
        let mut document = Document::new();
        let tongue = match language {
            Language::Zh => "zh-CN",
            Language::En => "en",
        };
        // No time and no random id: they would make each file another.
        let metadata = Metadata::new()
            .title(title.to_owned())
            .language(tongue.to_owned())
            .producer("Commonhold".to_owned());
        document.set_metadata(metadata);
        Self { document, font: font::font(), pages: 0 }
    }

    /// Adds a document; its pages count from one.
    pub fn add(&mut self, paper: &Paper) -> Result<(), PrintError> {
        for sheet in frame::lay_out(paper) {
            self.page(&sheet)?;
        }
        Ok(())
    }

    /// How many pages there are.
    pub const fn pages(&self) -> usize {
        self.pages
    }

    /// The file.
    pub fn finish(self) -> Result<Vec<u8>, PrintError> {
        self.document.finish().map_err(|error| PrintError(format!("{error:?}")))
    }

    fn page(&mut self, sheet: &Sheet) -> Result<(), PrintError> {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT);
        let settings = settings.ok_or_else(|| PrintError("no such paper".to_owned()))?;
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in &sheet.marks {
            draw(&mut surface, &self.font, mark);
        }
        surface.finish();
        page.finish();
        self.pages += 1;
        Ok(())
    }
}

/// One document in one file.
pub(crate) fn print(paper: &Paper) -> Result<Vec<u8>, PrintError> {
    let mut book = Book::new(&format!("{} {}", paper.title, paper.head.number), paper.language);
    book.add(paper)?;
    book.finish()
}

fn draw(surface: &mut Surface<'_>, font: &Font, mark: &Mark) {
    match mark {
        Mark::Text { at, size, bold, ink, text } => {
            surface.set_fill(Some(fill(*ink, 1.0)));
            surface.set_stroke(bold.then(|| stroke(*ink, size * 0.03)));
            write(surface, font, *at, *size, text);
        }
        Mark::Rule { from, to, thick, ink } => {
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*ink, *thick)));
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            shape(surface, path.finish());
        }
        Mark::Ground { at, size, ink } => {
            surface.set_fill(Some(fill(*ink, 1.0)));
            surface.set_stroke(None);
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) {
                path.push_rect(rect);
            }
            shape(surface, path.finish());
        }
        Mark::Code { at, side, text } => code(surface, *at, *side, text),
        Mark::Stamp { text } => stamp(surface, font, text),
    }
}

fn shape(surface: &mut Surface<'_>, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn write(surface: &mut Surface<'_>, font: &Font, at: (f32, f32), size: f32, text: &str) {
    let start = Point::from_xy(at.0, at.1);
    surface.draw_glyphs(start, &font::glyphs(text), font.clone(), text, size, false);
}

/// The word across the page, through which everything can be read.
fn stamp(surface: &mut Surface<'_>, font: &Font, text: &str) {
    let size = 110.0;
    let half = font::width(text, size) / 2.0;
    let (x, y) = (WIDTH / 2.0, HEIGHT / 2.0);
    surface.push_transform(&Transform::from_rotate_at(-32.0, x, y));
    surface.set_stroke(None);
    surface.set_fill(Some(fill(Ink::Red, 0.22)));
    write(surface, font, (x - half, y + size * 0.35), size, text);
    surface.pop();
}

fn code(surface: &mut Surface<'_>, at: (f32, f32), side: f32, text: &str) {
    // An address that no code can hold is left out: what is to be typed stands below.
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return };
    let cell = side / f32::from(u16::try_from(code.size()).unwrap_or(1));
    let mut path = PathBuilder::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if !code.get_module(x, y) {
                continue;
            }
            let place = |n: i32| f32::from(u16::try_from(n).unwrap_or_default()) * cell;
            if let Some(rect) = Rect::from_xywh(at.0 + place(x), at.1 + place(y), cell, cell) {
                path.push_rect(rect);
            }
        }
    }
    surface.set_fill(Some(fill(Ink::Black, 1.0)));
    surface.set_stroke(None);
    shape(surface, path.finish());
}

fn fill(ink: Ink, opacity: f32) -> Fill {
    let opacity = NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE);
    Fill { paint: colour(ink).into(), opacity, ..Fill::default() }
}

fn stroke(ink: Ink, width: f32) -> Stroke {
    Stroke { paint: colour(ink).into(), width, ..Stroke::default() }
}

fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Black => rgb::Color::new(20, 20, 20),
        Ink::Grey => rgb::Color::new(95, 95, 95),
        Ink::Pale => rgb::Color::new(236, 240, 244),
        Ink::Red => rgb::Color::new(200, 30, 30),
    }
}
