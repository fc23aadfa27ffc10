use super::*;
use chrono::Duration;
use clock::Clock;
use config::Config;
use ids::TenantId;
use uuid::Uuid;

fn store() -> (FileStore, Clock, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed("2026-07-31T04:00:00Z".parse().unwrap());
    let data = folder.path().display().to_string();
    let config = Config::from_values([("COMMONHOLD_DATA", data), ("MASTER_KEY", "0a".repeat(32))]);
    (FileStore::from_config(&config, clock.clone()).unwrap(), clock, folder)
}

fn company(n: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(n))
}

#[tokio::test]
async fn a_file_is_sealed_and_only_its_company_reads_it() {
    let (store, _, folder) = store();
    let id = Uuid::from_u128(7);
    store.put(company(1), id, b"name,phone").await.unwrap();
    assert_eq!(&store.read(company(1), id).await.unwrap()[..], b"name,phone");
    assert!(matches!(store.read(company(2), id).await, Err(FilesError::NotFound)));
    let path =
        folder.path().join("files").join(company(1).to_string()).join(id.simple().to_string());
    let kept = std::fs::read(path).unwrap();
    assert!(!kept.windows(4).any(|part| part == b"name"));
    store.remove(company(1), id).await.unwrap();
    store.remove(company(1), id).await.unwrap();
    assert!(matches!(store.read(company(1), id).await, Err(FilesError::NotFound)));
}

#[test]
fn a_link_ends_and_cannot_be_changed() {
    let (store, clock, _folder) = store();
    let id = Uuid::from_u128(7);
    let link = store.sign(company(1), id, "名册.xlsx", Duration::minutes(10));
    assert_eq!(store.verify(id, &link).unwrap(), (company(1), "名册.xlsx".to_owned()));
    assert!(store.verify(Uuid::from_u128(8), &link).is_err());
    let moved = Link { tenant: company(2).to_string(), ..link.clone() };
    assert!(store.verify(id, &moved).is_err());
    clock.advance(Duration::minutes(10));
    assert!(store.verify(id, &link).is_err());
}

#[test]
fn the_content_says_what_a_file_is() {
    assert_eq!(sniff(b"PK\x03\x04..xl/workbook.xml..").unwrap(), FileKind::Xlsx);
    assert_eq!(sniff("姓名,电话".as_bytes()).unwrap(), FileKind::Csv);
    let archive = &b"PK\x03\x04..word/document.xml.."[..];
    let picture = b"\xEF\xBB\xBF \n<svg onload=\"run()\"/>";
    for wrong in [archive, picture, b"\x7fELF", b"%PDF-1.7", b"<html>", b"", b"a\0b"] {
        assert!(sniff(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn what_people_attach_is_an_image_a_document_or_a_table() {
    for (bytes, kind) in [
        (&b"\xFF\xD8\xFF\xE0rest"[..], FileKind::Jpeg),
        (b"\x89PNG\r\n\x1A\nrest", FileKind::Png),
        (b"RIFF\x10\0\0\0WEBPVP8 ", FileKind::Webp),
        (b"%PDF-1.7", FileKind::Pdf),
        (b"PK\x03\x04..xl/workbook.xml..", FileKind::Xlsx),
        (b"a,b", FileKind::Csv),
    ] {
        assert_eq!(sniff_attachment(bytes).unwrap(), kind);
    }
    for wrong in [&b"\x7fELF"[..], b"MZ\0", b"<html>", b"", b"RIFF\x10\0\0\0WAVE"] {
        let refused = sniff_attachment(wrong).unwrap_err();
        assert!(matches!(refused, FilesError::WrongAttachment), "{wrong:?}");
    }
}
