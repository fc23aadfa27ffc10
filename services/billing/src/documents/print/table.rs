//! Tables: their head is repeated on each page, and a row is never torn.

use super::{
    flow::Flow,
    font,
    paper::{Align, Column, Row},
    sheet::{INNER, Ink, MARGIN, Mark, Style, WIDTH},
};

/// Between the edge of a cell and its text.
const PAD: f32 = 5.0;

/// A column with its place on the page.
struct Place<'c> {
    column: &'c Column,
    left: f32,
    width: f32,
}

impl Place<'_> {
    fn lines(&self, text: &str) -> Vec<String> {
        font::lines(text, Style::TEXT.size, self.width - 2.0 * PAD)
    }

    /// Where the text begins, or ends if it stands right.
    fn edge(&self) -> f32 {
        match self.column.align {
            Align::Left => self.left + PAD,
            Align::Right => self.left + self.width - PAD,
        }
    }
}

fn places(columns: &[Column]) -> Vec<Place<'_>> {
    let whole: f32 = columns.iter().map(|column| column.share).sum();
    let mut left = MARGIN;
    let mut places = Vec::with_capacity(columns.len());
    for column in columns {
        let width = INNER * column.share / whole;
        places.push(Place { column, left, width });
        left += width;
    }
    places
}

/// Sets a table.
pub(super) fn set(flow: &mut Flow, columns: &[Column], rows: &[Row]) {
    let places = places(columns);
    let head = Measured::head(&places);
    flow.y += 4.0;
    flow.need(head.height * 3.0);
    head.draw(flow, &places);
    for row in rows {
        let row = Measured::row(&places, row);
        if !flow.fits(row.height) {
            flow.turn();
            head.draw(flow, &places);
        }
        row.draw(flow, &places);
    }
    flow.sheet.rule(flow.y, 0.8, Ink::Black);
    flow.y += 6.0;
}

/// A row broken into lines.
struct Measured {
    cells: Vec<Vec<String>>,
    note: Vec<String>,
    style: Style,
    ground: bool,
    height: f32,
}

impl Measured {
    fn head(places: &[Place<'_>]) -> Self {
        let cells = places.iter().map(|place| place.lines(&place.column.head)).collect();
        Self::of(cells, Vec::new(), Style::BOLD, true)
    }

    fn row(places: &[Place<'_>], row: &Row) -> Self {
        let cells = places.iter().zip(&row.cells).map(|(place, cell)| place.lines(cell)).collect();
        let wide = INNER - 4.0 * PAD;
        let note = row.note.as_ref();
        let note = note.map_or_else(Vec::new, |note| font::lines(note, Style::NOTE.size, wide));
        let style = if row.sum { Style::BOLD } else { Style::TEXT };
        Self::of(cells, note, style, false)
    }

    fn of(cells: Vec<Vec<String>>, note: Vec<String>, style: Style, ground: bool) -> Self {
        let tall = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = many(tall) * style.leading() + many(note.len()) * Style::NOTE.leading() + 6.0;
        Self { cells, note, style, ground, height }
    }

    fn draw(&self, flow: &mut Flow, places: &[Place<'_>]) {
        let top = flow.y;
        if self.ground {
            let (at, size) = ((MARGIN, top), (WIDTH - 2.0 * MARGIN, self.height));
            flow.sheet.marks.push(Mark::Ground { at, size, ink: Ink::Pale });
            flow.sheet.rule(top, 0.8, Ink::Black);
        } else {
            flow.sheet.rule(top, 0.3, Ink::Grey);
        }
        let mut deepest = top;
        for (place, lines) in places.iter().zip(&self.cells) {
            let mut y = top + 3.0;
            for line in lines {
                y += self.style.leading();
                let at = (place.edge(), y - self.style.size * 0.3);
                flow.sheet.text(at, place.column.align, self.style, line);
            }
            deepest = deepest.max(y);
        }
        for line in &self.note {
            deepest += Style::NOTE.leading();
            let at = (MARGIN + 2.0 * PAD, deepest - 1.5);
            flow.sheet.text(at, Align::Left, Style::NOTE, line);
        }
        flow.y = top + self.height;
        if self.ground {
            flow.sheet.rule(flow.y, 0.5, Ink::Black);
        }
    }
}

fn many(lines: usize) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX))
}
