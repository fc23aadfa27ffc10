//! The sentences about messages.

texts::catalogue! {
    in "/messages";
    /// The app has no address.
    pub(crate) fn no_address();
    pub(crate) fn no_email();
    pub(crate) fn no_number();
    pub(crate) fn essential();
    pub(crate) fn code_too_soon();
    pub(crate) fn code_gone();
    pub(crate) fn wrong_code();
    /// The mail or short message with a code.
    pub(crate) fn code_title();
    pub(crate) fn code_body(code: String, minutes: i64);
    /// Why somebody gets a mail.
    pub(crate) fn mail_close(estate: String);
    pub(crate) fn mail_close_code();
    pub(crate) fn dunning_title(estate: String);
    pub(crate) fn placeholder_missing(name: String);
    pub(crate) fn placeholder_unknown(name: String);
    pub(crate) fn placeholder_open();
    pub(crate) fn same_placeholders();
    pub(crate) fn value_twice(name: String);
    pub(crate) fn template_of_other_kind();
    pub(crate) fn time_of_day();
}
