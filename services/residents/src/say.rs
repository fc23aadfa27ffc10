//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn code_form(min: usize, max: usize);
    pub(crate) fn area_range();
    pub(crate) fn building_exists(code: &str);
    pub(crate) fn unit_exists(label: &str);
    pub(crate) fn ends_before_start();
    pub(crate) fn family_not_charged();
    pub(crate) fn there_already();
    pub(crate) fn other_payer(day: chrono::NaiveDate);
    pub(crate) fn mapping_misfit();
    pub(crate) fn import_confirmed();
    pub(crate) fn import_reading();
    pub(crate) fn import_unreadable();
    pub(crate) fn rows_wrong(rows: i64);
    pub(crate) fn rows_undecided(rows: usize);
    pub(crate) fn doubts_unlisted();
    pub(crate) fn no_phone();
    pub(crate) fn phone_digits(min: usize, max: usize);
    pub(crate) fn identity_number();
}
