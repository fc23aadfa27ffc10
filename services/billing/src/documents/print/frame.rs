//! What stands around the blocks: letterhead, number, QR code, foot, and the mark of a void document.

use super::{
    figures::minute,
    flow::{BOTTOM, Flow},
    font,
    paper::{Align, Paper},
    sheet::{HEIGHT, Ink, MARGIN, Mark, Sheet, Style, WIDTH},
};
use crate::say;

/// The side of the QR code.
const CODE: f32 = 66.0;

/// Lays a whole document out.
pub(super) fn lay_out(paper: &Paper) -> Vec<Sheet> {
    let (first, y) = letterhead(paper);
    let mut flow = Flow::below(first, y);
    for block in &paper.blocks {
        flow.set(paper, block);
    }
    let mut sheets = flow.end();
    let pages = sheets.len();
    for (at, sheet) in sheets.iter_mut().enumerate() {
        if at > 0 {
            running_head(sheet, paper);
        }
        foot(sheet, paper, at + 1, pages);
        if paper.head.void {
            sheet.marks.push(Mark::Stamp { text: paper.say(&say::doc_void()) });
        }
    }
    sheets
}

/// The head of the first page, and how far down it reaches.
fn letterhead(paper: &Paper) -> (Sheet, f32) {
    let mut sheet = Sheet::default();
    let head = &paper.head;
    let left = WIDTH - MARGIN - CODE;
    let at = (left, 34.0);
    sheet.marks.push(Mark::Code { at, side: CODE, text: head.verify.clone() });
    let middle = left + CODE / 2.0;
    for (y, text) in [(110.0, paper.say(&say::doc_verify())), (121.0, head.code.clone())] {
        let style = Style { size: 7.0, ..Style::NOTE };
        let at = (middle - font::width(&text, style.size) / 2.0, y);
        // A long code does not reach over the margin.
        let at = (at.0.min(WIDTH - MARGIN - font::width(&text, style.size)), y);
        sheet.text(at, Align::Left, style, &text);
    }
    let estate = Style { size: 14.0, ..Style::BOLD };
    let room = left - MARGIN - 16.0;
    let mut y = 50.0;
    for line in font::lines(&head.estate, estate.size, room).into_iter().take(2) {
        sheet.text((MARGIN, y), Align::Left, estate, &line);
        y += estate.leading();
    }
    sheet.text((MARGIN, y - 3.0), Align::Left, Style::NOTE, &paper.say(&say::doc_office()));
    let title = Style { size: 19.0, ..Style::BOLD };
    sheet.centred(122.0, title, &paper.title);
    sheet.rule(136.0, 1.0, Ink::Black);
    let facts = [
        paper.say(&say::doc_number(head.number.clone())),
        paper.say(&say::doc_issued_at(minute(head.issued_at))),
        match &head.issuer {
            Some(issuer) => paper.say(&say::doc_issuer(issuer.clone())),
            None => paper.say(&say::doc_issued_by_itself()),
        },
    ];
    let [number, issued, issuer] = facts;
    sheet.text((MARGIN, 150.0), Align::Left, Style::NOTE, &number);
    sheet.centred(150.0, Style::NOTE, &issued);
    sheet.text((WIDTH - MARGIN, 150.0), Align::Right, Style::NOTE, &issuer);
    (sheet, 158.0)
}

fn running_head(sheet: &mut Sheet, paper: &Paper) {
    let left = format!("{}  {}", paper.head.estate, paper.title);
    sheet.text((MARGIN, 54.0), Align::Left, Style::NOTE, &left);
    sheet.text((WIDTH - MARGIN, 54.0), Align::Right, Style::NOTE, &paper.head.number);
    sheet.rule(60.0, 0.5, Ink::Grey);
}

fn foot(sheet: &mut Sheet, paper: &Paper, page: usize, pages: usize) {
    let y = HEIGHT - 34.0;
    sheet.rule(BOTTOM + 14.0, 0.5, Ink::Grey);
    let form = &paper.form;
    let form = say::doc_form(form.code, form.version, u32::from(form.copies));
    sheet.text((MARGIN, y), Align::Left, Style::NOTE, &paper.say(&form));
    let page = paper.say(&say::doc_page(page, pages));
    sheet.text((WIDTH - MARGIN, y), Align::Right, Style::NOTE, &page);
}
