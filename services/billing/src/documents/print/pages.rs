//! Pages as pictures and as text, by poppler's tools, and the comparison with approved ones.
//!
//! `UPDATE_PAGES=1` writes what is printed now as approved; look at each picture before committing it.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Dots per inch of the pictures.
const DOTS: &str = "72";

/// A square of so many dots may not differ by more than [`MOST`] on average.
const SQUARE: usize = 12;

/// Of 255.
const MOST: usize = 28;

/// A picture in shades of grey.
struct Picture {
    width: usize,
    grey: Vec<u8>,
}

fn approved(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/documents/print/pages");
    folder.join(format!("{name}.png"))
}

/// Gives a file to one of poppler's tools.
fn tool(name: &str, args: &[&str], pdf: &[u8]) -> Vec<u8> {
    let place = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(place.path(), pdf).unwrap();
    let path = place.path().to_str().unwrap();
    let args = args.iter().map(|arg| if *arg == "FILE" { path } else { arg });
    let run = Command::new(name).args(args).stdin(Stdio::null()).output();
    let run = run.unwrap_or_else(|error| {
        panic!("{name}: {error}; pages are tested with poppler: apt-get install poppler-utils")
    });
    assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

/// The text of a file, a form feed after each page.
pub(crate) fn text(pdf: &[u8]) -> String {
    String::from_utf8(tool("pdftotext", &["-layout", "FILE", "-"], pdf)).unwrap()
}

/// A page as a picture.
fn picture(pdf: &[u8], page: u32) -> Picture {
    let page = page.to_string();
    let args = ["-gray", "-r", DOTS, "-f", &page, "-l", &page, "FILE"];
    let raw = tool("pdftoppm", &args, pdf);
    // `P5`, width, height and 255, each followed by white space, then the dots.
    let mut words = raw.splitn(4, u8::is_ascii_whitespace);
    assert_eq!(words.next(), Some(b"P5".as_slice()), "a picture in shades of grey");
    let number = |word: Option<&[u8]>| -> usize {
        std::str::from_utf8(word.unwrap()).unwrap().parse().unwrap()
    };
    let (width, height) = (number(words.next()), number(words.next()));
    let rest = words.next().unwrap();
    Picture { width, grey: rest[rest.len() - width * height..].to_vec() }
}

fn read(name: &str) -> Picture {
    let file = std::fs::File::open(approved(name));
    let file = file.unwrap_or_else(|error| panic!("{name} is not approved yet: {error}"));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    let mut grey = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut grey).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale, "{name}");
    Picture { width: info.width as usize, grey }
}

fn write(name: &str, picture: &Picture) {
    let path = approved(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let height = u32::try_from(picture.grey.len() / picture.width).unwrap();
    let width = u32::try_from(picture.width).unwrap();
    let mut encoder = png::Encoder::new(std::fs::File::create(path).unwrap(), width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(&picture.grey).unwrap();
}

/// The first square in which two pictures differ too much: column, row, difference.
fn difference(a: &Picture, b: &Picture) -> Option<(usize, usize, usize)> {
    let height = a.grey.len() / a.width;
    for top in (0..height).step_by(SQUARE) {
        for left in (0..a.width).step_by(SQUARE) {
            let rows = top..(top + SQUARE).min(height);
            let mut sum = 0;
            let mut dots = 0;
            for y in rows {
                for x in left..(left + SQUARE).min(a.width) {
                    let at = y * a.width + x;
                    sum += usize::from(a.grey[at].abs_diff(b.grey[at]));
                    dots += 1;
                }
            }
            if sum > MOST * dots {
                return Some((left, top, sum / dots));
            }
        }
    }
    None
}

/// Compares a page with the approved picture of that name.
pub(super) fn assert_looks(name: &str, pdf: &[u8], page: u32) {
    let now = picture(pdf, page);
    if std::env::var_os("UPDATE_PAGES").is_some() {
        write(name, &now);
    }
    let approved = read(name);
    assert_eq!((now.width, now.grey.len()), (approved.width, approved.grey.len()), "{name}");
    let wrong = difference(&now, &approved);
    assert_eq!(wrong, None, "{name} looks otherwise at (column, row, by how much)");
}

#[test]
fn a_moved_word_is_noticed() {
    let white = || Picture { width: 48, grey: vec![255; 48 * 48] };
    let mut written = white();
    written.grey[24 * 48 + 4..24 * 48 + 44].fill(0);
    for row in 25..30 {
        written.grey[row * 48 + 4..row * 48 + 44].fill(0);
    }
    assert_eq!(difference(&white(), &white()), None);
    assert!(difference(&white(), &written).is_some());
}
