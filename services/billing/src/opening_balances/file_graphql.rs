//! Files of opening balances in the graph.

use super::{file::Fault, graphql::OpeningBalances};
use async_graphql::{ID, InputObject, SimpleObject};
use texts::Language;

/// A file of opening balances: CSV or XLSX, with a header in Chinese or English. Its columns are the
/// kind (类型: 欠费, 预缴, 押金 or 读数), the account (账户) or the unit (房号) and who pays for it (缴费人),
/// the fee item (收费项目), the month (所属月份), the due date (应缴日期), the amount in yuan (金额), what a
/// deposit is for (说明), the meter (表号), what it showed (读数) and on which day (抄表日期).
#[derive(InputObject)]
pub struct ImportOpeningBalancesInput {
    /// The estate, `est_…`.
    pub(super) estate_id: ID,
    /// The first month that is charged here; needed where the estate has none yet, e.g. `2026-07`.
    pub(super) cut_over_month: Option<String>,
    /// The name of the file.
    pub(super) file_name: String,
    /// The file in Base64, at most 4,000,000 bytes and 20,000 rows.
    pub(super) content: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    pub(super) idempotency_key: String,
}

/// What is wrong with a cell of a file.
#[derive(SimpleObject)]
pub struct OpeningFault {
    /// The sheet; of a CSV file the file itself.
    sheet: String,
    /// The row as Excel shows it, from 1.
    row: i32,
    /// The header of the column.
    column: String,
    /// What the cell holds.
    value: String,
    /// Why it is wrong, in the caller's language.
    reason: String,
}

impl OpeningFault {
    pub(super) fn new(fault: Fault, said: Language) -> Self {
        Self {
            sheet: fault.sheet,
            row: i32::try_from(fault.row).unwrap_or(i32::MAX),
            column: fault.column,
            value: fault.value,
            reason: if said == Language::Zh { fault.zh } else { fault.en },
        }
    }
}

/// What became of a file of opening balances.
#[derive(SimpleObject)]
pub struct ImportOpeningBalancesPayload {
    /// The draft with every row of the file; none when a cell is wrong.
    pub(super) opening_balances: Option<OpeningBalances>,
    /// Whether the same file was drafted or posted before; then it is that draft.
    pub(super) already_imported: bool,
    /// Every wrong cell, by sheet and row; as long as there is one, nothing is kept.
    pub(super) faults: Vec<OpeningFault>,
}
