//! The web application's files, and the page that stands in for them.

use std::path::{Component, Path, PathBuf};

/// Nothing but this origin's files, and no script or style that stands in a page.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'self' https://checkout.stripe.com; frame-ancestors 'none'";

/// As [`POLICY`], with what GraphiQL needs: styles in the page and fonts in its style sheet.
pub(crate) const GRAPHIQL_POLICY: &str = "default-src 'self'; img-src 'self' data:; \
    font-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
    base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/// A file to send.
pub(crate) struct Page {
    pub(crate) body: Vec<u8>,
    pub(crate) media_type: &'static str,
    pub(crate) cache: &'static str,
    /// How the body is compressed, if it is.
    pub(crate) encoding: Option<&'static str>,
}

/// Reads what `path` names below `root`, compressed if a compressed copy lies beside it and the
/// client `accepts` it. A path that names no file and has no extension is a place inside an
/// application, which finds its own way from the nearest `index.html` above.
pub(crate) fn read(root: &Path, path: &str, accepts: &str) -> Option<Page> {
    let inside = below(path)?;
    let direct = root.join(&inside);
    if direct.is_file() {
        let hashed = inside.starts_with("assets");
        let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        return shrunk(&direct, cache, accepts);
    }
    let is_place = inside.extension().is_none();
    let mut indexes = inside.ancestors().map(|folder| root.join(folder).join("index.html"));
    let index = indexes.find(|index| is_place && index.is_file())?;
    shrunk(&index, "no-cache", accepts)
}

/// What copies of a file may lie beside it: the encoding's name and the copy's ending.
const COPIES: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

fn shrunk(file: &Path, cache: &'static str, accepts: &str) -> Option<Page> {
    let accepted = |encoding: &str| {
        let mut names = accepts.split(',').map(|part| part.split(';').next().unwrap_or_default());
        names.any(|name| name.trim() == encoding)
    };
    for (encoding, ending) in COPIES.into_iter().filter(|(encoding, _)| accepted(encoding)) {
        let mut copy = file.as_os_str().to_owned();
        copy.push(ending);
        if let Ok(body) = std::fs::read(copy) {
            let encoding = Some(encoding);
            return Some(Page { body, media_type: media_type(file), cache, encoding });
        }
    }
    page(file, cache)
}

/// Reads exactly the file that `path` names below `root`.
pub(crate) fn file(root: &Path, path: &str) -> Option<Page> {
    page(&root.join(below(path)?), "no-cache")
}

/// GraphiQL, or how to get it.
pub(crate) fn graphiql(root: &Path) -> Page {
    file(root, "index.html").unwrap_or_else(|| {
        plain(
            "<h1>GraphiQL is not built</h1><p>Run <code>make graphiql</code> and load this page \
             again. The API itself is here: POST /graphql.</p>",
        )
    })
}

/// What there is to see while no web application is installed.
pub(crate) fn stand_in() -> Page {
    plain(
        "<h1>Commonhold</h1><p>The web application is not built. With Node.js 20 and npm \
         installed, <code>make run</code> builds it. The API is at \
         <a href=\"/graphql\">/graphql</a>.</p>",
    )
}

fn plain(content: &str) -> Page {
    let head = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Commonhold</title>";
    Page {
        body: format!("{head}{content}</html>").into_bytes(),
        media_type: "text/html; charset=utf-8",
        cache: "no-cache",
        encoding: None,
    }
}

fn page(file: &Path, cache: &'static str) -> Option<Page> {
    let body = std::fs::read(file).ok()?;
    Some(Page { body, media_type: media_type(file), cache, encoding: None })
}

/// The path below the root, or nothing when it tries to leave it.
fn below(path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let plain = relative.components().all(|c| matches!(c, Component::Normal(_)));
    (plain && !path.contains(['\\', '\0', '%'])).then(|| relative.to_owned())
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("web/assets")).unwrap();
        std::fs::create_dir_all(dir.path().join("web/home")).unwrap();
        std::fs::write(dir.path().join("web/home/index.html"), "home").unwrap();
        std::fs::write(dir.path().join("web/assets/a-1.js.br"), "small").unwrap();
        std::fs::write(dir.path().join("secret.txt"), "no").unwrap();
        std::fs::write(dir.path().join("web/index.html"), "index").unwrap();
        std::fs::write(dir.path().join("web/assets/a-1.js"), "script").unwrap();
        dir
    }

    fn body(path: &str) -> Option<String> {
        let dir = site();
        read(&dir.path().join("web"), path, "").map(|page| String::from_utf8(page.body).unwrap())
    }

    #[test]
    fn files_are_found_and_places_get_the_application() {
        assert_eq!(body("/assets/a-1.js").as_deref(), Some("script"));
        assert_eq!(body("/").as_deref(), Some("index"));
        assert_eq!(body("/bills/2026-01").as_deref(), Some("index"));
        assert_eq!(body("/home").as_deref(), Some("home"));
        assert_eq!(body("/home/bills/2026-01").as_deref(), Some("home"));
        assert_eq!(body("/assets/gone.js"), None);
    }

    #[test]
    fn a_compressed_copy_goes_to_those_who_accept_it() {
        let dir = site();
        let sent = |accepts| {
            let page = read(&dir.path().join("web"), "/assets/a-1.js", accepts).unwrap();
            (String::from_utf8(page.body).unwrap(), page.encoding, page.media_type)
        };
        let script = "text/javascript; charset=utf-8";
        assert_eq!(sent("gzip, br;q=0.9"), ("small".to_owned(), Some("br"), script));
        assert_eq!(sent("gzip, brotli"), ("script".to_owned(), None, script));
    }

    #[test]
    fn nothing_outside_the_root_is_found() {
        let dir = site();
        assert!(file(&dir.path().join("web"), "../secret.txt").is_none());
        for path in ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt"] {
            assert_eq!(body(path), None, "{path}");
        }
    }
}
