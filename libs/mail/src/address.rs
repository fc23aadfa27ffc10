//! Addresses, text in HTML, and when a mail that failed is tried again.

use chrono::Duration;

/// The longest address (RFC 5321).
const LONGEST: usize = 254;

/// Whether a text is an e-mail address that no header can be broken with.
pub fn is_address(text: &str) -> bool {
    if text.len() > LONGEST || !text.is_ascii() {
        return false;
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(inner)
    };
    let symbol = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&b);
    let local_fits = (1..=64).contains(&local.len())
        && local.bytes().all(symbol)
        && local.split('.').all(|part| !part.is_empty());
    let domain_fits = domain.contains('.') && domain.split('.').all(label);
    local_fits && domain_fits
}

/// An address as staff see it: `w***@example.com`.
pub fn shown_address(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first = local.chars().next().unwrap_or('*');
    format!("{first}***@{domain}")
}

/// Until a mail that could not be sent is tried again after so many tries; `None`: never.
pub fn pause_after(tries: i32) -> Option<Duration> {
    const MINUTES: [i64; 7] = [1, 5, 20, 60, 240, 720, 1440];
    let place = usize::try_from(tries).ok()?.checked_sub(1)?;
    MINUTES.get(place).copied().map(Duration::minutes)
}

/// Text that stands in HTML as it is.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_checked() {
        for right in ["wang.fang@example.com", "w@a.cn", "a+b_c@mail.example.co.uk", "1@2.3x"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "wang",
            "wang@",
            "@example.com",
            "wang@example",
            "wang fang@example.com",
            "wang@exa mple.com",
            "wang@-example.com",
            "wang@example..com",
            "a..b@example.com",
            ".a@example.com",
            "王芳@example.com",
            "a@b.com\r\nBcc: x@y.com",
            "a@b@c.com",
            "<a@b.com>",
            "a,b@c.com",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
        assert!(!is_address(&format!("{}@example.com", "x".repeat(65))));
        assert!(!is_address(&format!("x@{}.com", "y".repeat(64))));
    }

    #[test]
    fn an_address_is_masked() {
        assert_eq!(shown_address("wang.fang@example.com"), "w***@example.com");
    }

    #[test]
    fn a_mail_is_tried_eight_times_in_about_two_days() {
        let pauses: Vec<Duration> = (1..).map_while(pause_after).collect();
        assert_eq!(pauses.len(), 7);
        assert!(pauses.is_sorted());
        assert_eq!(pause_after(0), None);
        assert_eq!(pause_after(-1), None);
    }

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(
            escaped("<b>\"Tom\" & 'Co'</b>"),
            "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Co&#39;&lt;/b&gt;"
        );
    }

    proptest! {
        #[test]
        fn nothing_that_is_taken_can_break_a_header(text in "\\PC{0,40}") {
            if is_address(&text) {
                let address = text;
                prop_assert!(address.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert!(!address.contains([',', ';', '<', '>', '"', '\\', '(', ')', ' ']));
            }
        }
    }
}
