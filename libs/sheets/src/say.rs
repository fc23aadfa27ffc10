//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn unknown_format();
    pub(crate) fn damaged();
    pub(crate) fn file_too_large(bound: texts::Text);
    pub(crate) fn more_bytes(most: u64);
    pub(crate) fn unpacked_bytes(most: u64);
    pub(crate) fn more_sheets(most: usize);
    pub(crate) fn more_rows(most: usize);
    pub(crate) fn more_columns(row: u32, most: usize);
    pub(crate) fn longer_text(row: u32, most: usize);
    pub(crate) fn no_such_sheet(name: &str);
    pub(crate) fn no_table();
    pub(crate) fn rows_from_one();
    pub(crate) fn no_such_kind(kind: &str);
    pub(crate) fn column_needed(sheet: &str, column: &str);
    pub(crate) fn no_such_column(kind: &str, column: &str);
    pub(crate) fn column_used(other: &str);
}
