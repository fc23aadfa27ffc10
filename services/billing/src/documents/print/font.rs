//! The font that all documents are set in, compiled into the program (`fonts/README.md`).

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{
    FontRef, MetadataProvider as _,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};
use std::sync::LazyLock;

static BYTES: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/wqy-microhei-subset.ttf"));

/// Stands for what the font does not have, as printers set it (U+3013).
const MISSING: char = '〓';

static FACE: LazyLock<Face> = LazyLock::new(|| {
    let font = FontRef::new(BYTES).expect("the font compiled in is one");
    let for_pdf = Font::new(BYTES.into(), 0).expect("the font compiled in is one");
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    Face { em: for_pdf.units_per_em(), charmap: font.charmap(), metrics, for_pdf }
});

struct Face {
    for_pdf: Font,
    em: f32,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
}

impl Face {
    /// The glyph of a character and its width in ems.
    fn glyph(&self, character: char) -> (u32, f32) {
        let glyph = self.charmap.map(character).or_else(|| self.charmap.map(MISSING));
        let glyph = glyph.unwrap_or_default();
        (glyph.to_u32(), self.metrics.advance_width(glyph).unwrap_or(self.em) / self.em)
    }
}

/// The font as a document embeds it: only what is shown of it.
pub(super) fn font() -> Font {
    FACE.for_pdf.clone()
}

/// How wide a character is at size 1.
pub(super) fn advance(character: char) -> f32 {
    FACE.glyph(character).1
}

/// How wide a text is.
pub(super) fn width(text: &str, size: f32) -> f32 {
    text.chars().map(advance).sum::<f32>() * size
}

/// The glyphs of a text, one a character: neither Chinese nor figures need more.
pub(super) fn glyphs(text: &str) -> Vec<KrillaGlyph> {
    let glyph = |(at, character): (usize, char)| {
        let (id, advance) = FACE.glyph(character);
        let range = at..at + character.len_utf8();
        KrillaGlyph::new(GlyphId::new(id), advance, 0.0, 0.0, 0.0, range, None)
    };
    text.char_indices().map(glyph).collect()
}

/// Characters that do not begin a line.
const NOT_FIRST: &str = "，。、；：！？）】》”’,.;:!?)]}%·";

/// Breaks a text into lines: at spaces, and beside any Chinese character.
pub(super) fn lines(text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        for piece in pieces(part) {
            let fits = width(&line, size) + width(piece.trim_end(), size) <= most;
            if !fits && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line.push_str(if line.is_empty() { piece.trim_start() } else { piece });
            while width(line.trim_end(), size) > most && line.chars().count() > 1 {
                let cut = longest(&line, size, most);
                lines.push(line[..cut].to_owned());
                line.drain(..cut);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// How much of a text fits; at least one character.
fn longest(text: &str, size: f32, most: f32) -> usize {
    let mut wide = 0.0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        wide += advance(character) * size;
        if wide > most && end > 0 {
            break;
        }
        end = at + character.len_utf8();
    }
    end
}

/// What stays together on a line.
fn pieces(text: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let may = before.is_some_and(|before| {
            let after_space = before == ' ' && character != ' ';
            let chinese = is_wide(before) || is_wide(character);
            after_space || (chinese && character != ' ' && !"（【《“".contains(before))
        });
        if may && !NOT_FIRST.contains(character) {
            cuts.push(at);
        }
        before = Some(character);
    }
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain(std::iter::once(text.len()));
    starts.zip(ends).map(|(start, end)| &text[start..end]).collect()
}

fn is_wide(character: char) -> bool {
    u32::from(character) >= 0x2E80
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_have_one_width_and_chinese_is_twice_as_wide() {
        let of_one = advance('1');
        assert!("0123456789".chars().all(|digit| (advance(digit) - of_one).abs() < 1e-6));
        assert!((advance('物') - 1.0).abs() < 1e-6);
    }

    #[test]
    fn no_line_begins_with_a_full_stop() {
        let lines = lines("本期应缴物业服务费，请于到期日前缴清。", 10.0, 90.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| !line.starts_with(['，', '。'])), "{lines:?}");
    }

    #[test]
    fn a_character_that_the_font_lacks_is_shown_as_missing() {
        let lacking = glyphs("𠮷");
        assert_eq!(lacking[0].glyph_id, glyphs("〓")[0].glyph_id);
        assert_eq!(lacking[0].text_range, 0..4);
    }

    proptest! {
        #[test]
        fn a_word_that_fits_on_a_line_is_not_broken(
            words in prop::collection::vec("[a-z]{1,8}", 1..20), most in 80_f32..200.0,
        ) {
            let text = words.join(" ");
            let lines = lines(&text, 9.5, most);
            let found: Vec<&str> = lines.iter().flat_map(|line| line.split(' ')).collect();
            prop_assert_eq!(found, words);
        }

        #[test]
        fn breaking_loses_nothing_but_spaces(text in "[a-z王芳，。0-9 ]{0,60}", most in 20_f32..200.0) {
            let broken = lines(&text, 10.0, most);
            let dense = |text: &str| text.replace(' ', "");
            prop_assert_eq!(dense(&broken.concat()), dense(&text));
            for line in broken {
                prop_assert!(width(&line, 10.0) <= most + 10.0, "{line}");
            }
        }
    }
}
