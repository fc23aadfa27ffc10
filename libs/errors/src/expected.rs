//! What an input is expected to be, in the sentences that every feature needs, and one sentence per
//! code.

texts::catalogue! {
    /// Text of `min` to `max` characters.
    pub fn length(min: usize, max: usize);
    /// A list of `min` to `max` items.
    pub fn items(min: usize, max: usize);
    /// A number from `min` to `max`.
    pub fn between(min: i64, max: i64);
    /// An amount or number above zero.
    pub fn above_zero();
    /// An amount or number that is not negative.
    pub fn not_negative();
    /// Something rather than nothing.
    pub fn filled();
    /// A code or name that nothing else in the company or estate has.
    pub fn unused();
    /// One of the things that exist.
    pub fn existing();
    /// A code of `min` to `max` upper-case letters, digits or underscores.
    pub fn upper_code(min: usize, max: usize);
    /// A code of `min` to `max` lower-case letters, digits or hyphens.
    pub fn lower_code(min: usize, max: usize);
    /// A day that is not before the one in another input.
    pub fn not_before(other: &str);
    /// A month like 2026-07 instead of `given`.
    pub fn month(given: String);
    /// A cursor that the list gave.
    pub fn cursor();
    /// An id with this prefix.
    pub fn id(prefix: &str);
    /// Text that can be read, which `given` cannot.
    pub fn readable(given: &str);
    /// An idempotency key of 8 to 255 printable ASCII characters.
    pub fn idempotency_key();
    /// An address of a web page.
    pub fn web_address();

    /// When to come back after too many attempts.
    pub fn patience(seconds: u64);

    pub(crate) fn unauthenticated();
    pub(crate) fn forbidden();
    pub(crate) fn not_found();
    pub(crate) fn invalid();
    pub(crate) fn conflict();
    pub(crate) fn idempotency_mismatch();
    pub(crate) fn projection_behind();
    pub(crate) fn rate_limited();
    pub(crate) fn suspended();
    pub(crate) fn unavailable();
    pub(crate) fn internal();
}
