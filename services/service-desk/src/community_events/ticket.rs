//! E-tickets: a code that says which place it is, signed with the event's secret.

use super::SignUpId;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

/// How many bytes of the signature a code carries.
const SIGNATURE: usize = 12;

fn mac(secret: &str, place: SignUpId) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(place.as_uuid().as_bytes());
    Some(mac)
}

/// The code of a place, as text for a QR code: letters, digits and one point.
pub(super) fn code(secret: &str, place: SignUpId) -> String {
    let signature = mac(secret, place).map(|mac| mac.finalize().into_bytes());
    let signature = signature.map(|all| hex::encode(&all[..SIGNATURE])).unwrap_or_default();
    format!("{}.{signature}", place.as_uuid().simple())
}

/// The place that a code claims to be of; only [`is_genuine`] tells whether it is.
pub(super) fn claimed(code: &str) -> Option<SignUpId> {
    let (place, _) = code.trim().split_once('.')?;
    Uuid::try_parse(place).ok().map(SignUpId::from_uuid)
}

/// Whether the event's secret signed the code.
pub(super) fn is_genuine(secret: &str, code: &str) -> bool {
    let Some((place, (_, signature))) = claimed(code).zip(code.trim().split_once('.')) else {
        return false;
    };
    let Some((mac, signature)) = mac(secret, place).zip(hex::decode(signature).ok()) else {
        return false;
    };
    signature.len() == SIGNATURE && mac.verify_truncated_left(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_events_secret_signs() {
        let place = SignUpId::from_uuid(Uuid::from_u128(7));
        let ours = code("secret", place);
        assert_eq!(claimed(&ours), Some(place));
        assert!(is_genuine("secret", &ours) && !is_genuine("other", &ours));
        let (id, _) = ours.split_once('.').unwrap();
        for forged in [id.to_owned(), format!("{id}."), format!("{id}.00"), "x.y".to_owned()] {
            assert!(!is_genuine("secret", &forged), "{forged}");
        }
        let other = code("secret", SignUpId::from_uuid(Uuid::from_u128(8)));
        let swapped = format!("{id}.{}", other.split_once('.').unwrap().1);
        assert!(!is_genuine("secret", &swapped));
    }

    proptest! {
        #[test]
        fn nothing_that_people_type_is_taken_for_a_ticket(text in ".{0,80}") {
            prop_assert!(!is_genuine("secret", &text));
        }
    }
}
