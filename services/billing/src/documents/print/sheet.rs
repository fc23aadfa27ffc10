//! One page as marks on paper: where what stands, in points from the upper left corner.

use super::{font, paper::Align};

/// A4.
pub(super) const WIDTH: f32 = 595.28;
/// A4.
pub(super) const HEIGHT: f32 = 841.89;
/// To the left and right of everything.
pub(super) const MARGIN: f32 = 48.0;
/// What is between the margins.
pub(super) const INNER: f32 = WIDTH - 2.0 * MARGIN;

/// How dark something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// As text.
    Black,
    /// As labels and notes.
    Grey,
    /// As the ground of a table's head.
    Pale,
    /// As the mark of a void document.
    Red,
}

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A line of text; `at` is the left end of its base line.
    Text { at: (f32, f32), size: f32, bold: bool, ink: Ink, text: String },
    /// A horizontal or vertical rule.
    Rule { from: (f32, f32), to: (f32, f32), thick: f32, ink: Ink },
    /// A filled rectangle: left, top, width, height.
    Ground { at: (f32, f32), size: (f32, f32), ink: Ink },
    /// A QR code of that many points to a side.
    Code { at: (f32, f32), side: f32, text: String },
    /// The word across the page that says the document does not count.
    Stamp { text: String },
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sheet {
    pub marks: Vec<Mark>,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub size: f32,
    pub bold: bool,
    pub ink: Ink,
}

impl Style {
    pub const TEXT: Self = Self { size: 9.5, bold: false, ink: Ink::Black };
    pub const BOLD: Self = Self { bold: true, ..Self::TEXT };
    pub const LABEL: Self = Self { ink: Ink::Grey, ..Self::TEXT };
    pub const NOTE: Self = Self { size: 8.0, bold: false, ink: Ink::Grey };

    /// From one base line to the next.
    pub fn leading(self) -> f32 {
        self.size * 1.45
    }
}

impl Sheet {
    /// Writes a line of text that begins or, standing right, ends at `at`.
    pub fn text(&mut self, at: (f32, f32), align: Align, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        let Style { size, bold, ink } = style;
        let left = match align {
            Align::Left => at.0,
            Align::Right => at.0 - font::width(text, size),
        };
        self.marks.push(Mark::Text { at: (left, at.1), size, bold, ink, text: text.to_owned() });
    }

    /// Writes a line of text in the middle of the page.
    pub fn centred(&mut self, y: f32, style: Style, text: &str) {
        let left = (WIDTH - font::width(text, style.size)) / 2.0;
        self.text((left, y), Align::Left, style, text);
    }

    /// Draws a rule from margin to margin.
    pub fn rule(&mut self, y: f32, thick: f32, ink: Ink) {
        let (from, to) = ((MARGIN, y), (WIDTH - MARGIN, y));
        self.marks.push(Mark::Rule { from, to, thick, ink });
    }
}
