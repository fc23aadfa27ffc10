//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn not_signed_in();
    pub(crate) fn code_not_valid();
    pub(crate) fn closed_stays();
    pub(crate) fn answered_already();
    pub(crate) fn role_in_use();
    pub(crate) fn last_administrator();
    pub(crate) fn phone_taken();
    pub(crate) fn role_not_given();
    pub(crate) fn not_own_role();
    pub(crate) fn not_own_rights();
    pub(crate) fn not_own_employment();
    pub(crate) fn own_password();
    pub(crate) fn not_current_password();
    pub(crate) fn password_is_login();
    pub(crate) fn login_form();
    pub(crate) fn within_days(days: i64);
    pub(crate) fn time_zone();
    pub(crate) fn currency();
    pub(crate) fn no_permission(name: &str);
    pub(crate) fn permission_twice(name: &str);
    pub(crate) fn limit_negative(name: &str);
    pub(crate) fn apart(one: &str, other: &str);
}
