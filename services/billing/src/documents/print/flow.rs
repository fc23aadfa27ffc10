//! Laying blocks out from top to bottom, over as many pages as they need.

use super::{
    font,
    paper::{Align, Block, Paper},
    sheet::{HEIGHT, INNER, Ink, MARGIN, Mark, Sheet, Style, WIDTH},
    table,
};
use crate::say;

/// Where the pages after the first begin.
const TOP: f32 = 78.0;
/// Nothing but the foot stands below.
pub(super) const BOTTOM: f32 = HEIGHT - 62.0;

/// Pages in the making.
pub(super) struct Flow {
    pub done: Vec<Sheet>,
    pub sheet: Sheet,
    /// How far down the page is full.
    pub y: f32,
}

impl Flow {
    /// Begins below the head of the first page.
    pub fn below(sheet: Sheet, y: f32) -> Self {
        Self { done: Vec::new(), sheet, y }
    }

    /// Whether so much more fits on the page.
    pub fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Goes on on the next page.
    pub fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.sheet));
        self.y = TOP;
    }

    /// Goes on on the next page unless so much more fits on this one.
    pub fn need(&mut self, height: f32) {
        if !self.fits(height) {
            self.turn();
        }
    }

    /// Every page.
    pub fn end(mut self) -> Vec<Sheet> {
        self.done.push(self.sheet);
        self.done
    }

    /// Sets a block.
    pub fn set(&mut self, paper: &Paper, block: &Block) {
        match block {
            Block::Facts(facts) => self.facts(facts),
            Block::Heading(text) => self.heading(text),
            Block::Paragraph(text) => self.paragraph(text),
            Block::Table(columns, rows) => table::set(self, columns, rows),
            Block::Total { label, figure, capitals } => {
                self.total(label, figure, capitals.as_deref());
            }
            Block::Signatures(who) => {
                let date = paper.say(&say::doc_date_line());
                self.signatures(who, &date);
            }
        }
    }

    /// Lines of text; a line alone is not left behind on a page.
    fn lines(&mut self, lines: &[String], style: Style, left: f32) {
        for line in lines {
            self.need(style.leading());
            self.y += style.leading();
            self.sheet.text((left, self.y - style.size * 0.3), Align::Left, style, line);
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.y += 4.0;
        self.lines(&font::lines(text, Style::TEXT.size, INNER), Style::TEXT, MARGIN);
        self.y += 4.0;
    }

    fn heading(&mut self, text: &str) {
        let style = Style { size: 11.0, ..Style::BOLD };
        // With what follows: a heading does not end a page.
        self.need(style.leading() + 60.0);
        self.y += 8.0;
        self.lines(&[text.to_owned()], style, MARGIN);
        self.y += 2.0;
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        let half = INNER / 2.0;
        let labels = facts.iter().map(|(label, _)| font::width(label, Style::LABEL.size));
        let indent = labels.fold(0.0, f32::max).min(half * 0.55) + 10.0;
        for pair in facts.chunks(2) {
            let values: Vec<Vec<String>> = pair
                .iter()
                .map(|(_, value)| font::lines(value, Style::TEXT.size, half - indent - 10.0))
                .collect();
            let tall = values.iter().map(Vec::len).max().unwrap_or(1);
            self.need(height(tall));
            for (at, ((label, _), lines)) in pair.iter().zip(&values).enumerate() {
                let left = if at == 0 { MARGIN } else { MARGIN + half };
                let mut y = self.y + Style::TEXT.leading();
                self.sheet.text((left, y - 3.0), Align::Left, Style::LABEL, label);
                for line in lines {
                    self.sheet.text((left + indent, y - 3.0), Align::Left, Style::TEXT, line);
                    y += Style::TEXT.leading();
                }
            }
            self.y += height(tall) + 2.0;
        }
        self.y += 4.0;
    }

    fn total(&mut self, label: &str, figure: &str, capitals: Option<&str>) {
        let big = Style { size: 13.0, ..Style::BOLD };
        let words = Style { size: 10.0, ..Style::TEXT };
        let capitals = capitals.map(|text| font::lines(text, words.size, INNER - 20.0));
        let extra = capitals.as_ref().map_or(0.0, |lines| height(lines.len()) + 4.0);
        self.need(32.0 + extra);
        self.y += 6.0;
        let size = (INNER, 24.0 + extra);
        self.sheet.marks.push(Mark::Ground { at: (MARGIN, self.y), size, ink: Ink::Pale });
        self.sheet.text((MARGIN + 10.0, self.y + 17.0), Align::Left, Style::BOLD, label);
        self.sheet.text((WIDTH - MARGIN - 10.0, self.y + 17.5), Align::Right, big, figure);
        let mut y = self.y + 33.0;
        for line in capitals.iter().flatten() {
            self.sheet.text((WIDTH - MARGIN - 10.0, y), Align::Right, words, line);
            y += words.leading();
        }
        self.y += size.1 + 6.0;
    }

    fn signatures(&mut self, who: &[String], date: &str) {
        self.need(64.0);
        self.y += 40.0;
        let each = INNER / f32::from(u16::try_from(who.len().max(1)).unwrap_or(1));
        let mut left = MARGIN;
        for name in who {
            let (from, to) = ((left, self.y), (left + each - 16.0, self.y));
            self.sheet.marks.push(Mark::Rule { from, to, thick: 0.6, ink: Ink::Black });
            self.sheet.text((left, self.y + 12.0), Align::Left, Style::NOTE, name);
            self.sheet.text((to.0, self.y + 12.0), Align::Right, Style::NOTE, date);
            left += each;
        }
        self.y += 20.0;
    }
}

/// So many lines of text.
fn height(lines: usize) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * Style::TEXT.leading()
}
