//! What a file may cost before it is refused.

/// Upper bounds on a file; the defaults fit an estate of 50,000 units many times over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file itself, bytes.
    pub file_bytes: u64,
    /// Size of everything inside an XLSX archive once unpacked, bytes.
    pub unpacked_bytes: u64,
    /// Size of one part that is held in memory whole (shared texts, styles), bytes.
    pub held_bytes: u64,
    /// Sheets in one workbook.
    pub sheets: usize,
    /// Filled rows in one sheet.
    pub rows: usize,
    /// Columns that may hold a value.
    pub columns: usize,
    /// Bytes of text in one cell.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 << 20,
            unpacked_bytes: 384 << 20,
            held_bytes: 48 << 20,
            sheets: 64,
            rows: 200_000,
            columns: 256,
            cell_bytes: 64 << 10,
        }
    }
}
