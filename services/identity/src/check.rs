//! What inputs must look like.

use crate::say;
pub use errors::input::{optional, text};
use errors::{Invalid, expected};

/// A company's code: 2 to 32 lower-case letters, digits and hyphens.
pub fn company_code(value: &str) -> Result<String, Invalid> {
    let value = value.trim();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (2..=32).contains(&value.len()) && value.chars().all(fits) {
        Ok(value.to_owned())
    } else {
        Err(Invalid::new("code", expected::lower_code(2, 32)))
    }
}

/// An upper-case code of an estate, a role or a position, e.g. `FCH`.
pub fn code(value: &str) -> Result<String, Invalid> {
    let value = value.trim();
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if (2..=16).contains(&value.len()) && value.chars().all(fits) {
        Ok(value.to_owned())
    } else {
        Err(Invalid::new("code", expected::upper_code(2, 16)))
    }
}

/// A sign-in name, unique in its company, as it is compared: lower case.
pub fn login(value: &str) -> Result<String, Invalid> {
    let value = value.trim().to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || "._-+@".contains(c);
    if (2..=64).contains(&value.chars().count()) && value.chars().all(fits) {
        Ok(value)
    } else {
        Err(Invalid::new("login", say::login_form()))
    }
}

/// A password: 10 to 128 characters and not the sign-in name.
pub fn password(value: &str, login: &str) -> Result<(), Invalid> {
    if !(10..=128).contains(&value.chars().count()) {
        return Err(Invalid::new("password", expected::length(10, 128)));
    }
    if value.to_lowercase().contains(&login.to_lowercase()) {
        return Err(Invalid::new("password", say::password_is_login()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_logins_are_narrow() {
        assert_eq!(company_code(" cuihu ").unwrap(), "cuihu");
        assert!(company_code("Cui hu").is_err() && company_code("c").is_err());
        assert_eq!(code("FCH").unwrap(), "FCH");
        assert!(code("fch").is_err());
        assert_eq!(login("Zhou.Min@CH.cn").unwrap(), "zhou.min@ch.cn");
        assert!(login("zhou min").is_err());
    }

    #[test]
    fn a_password_is_long_and_not_the_login() {
        assert!(password("short", "desk").is_err());
        assert!(password("my-zhoumin-pass", "zhoumin").is_err());
        assert!(password("correct horse battery", "zhoumin").is_ok());
    }
}
