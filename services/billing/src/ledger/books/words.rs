//! What accounts of the chart are called.

use super::super::Account;
use uuid::Uuid;

/// An account's name in Chinese and English.
pub(crate) fn names(code: &str) -> (&'static str, &'static str) {
    match code {
        "1001" => ("库存现金", "Cash"),
        "1002" => ("银行存款", "Bank"),
        "1012" => ("在线支付清算", "Online clearing"),
        "1013" => ("在途现金", "Cash in transit"),
        "1122" => ("应收账款", "Receivable"),
        "1221" => ("争议款项", "Disputed payments"),
        "2202" => ("代收代付", "Partner payable"),
        "2203" => ("预收账款", "Prepayments"),
        "2241" => ("押金", "Deposits"),
        "2242" => ("公共收益", "Common income"),
        "4101" => ("期初余额", "Opening balance"),
        "6001" => ("主营业务收入", "Revenue"),
        "6002" => ("减免", "Waivers"),
        "2204" => ("待认领款", "Unallocated money"),
        "6301" => ("其他收入", "Other income"),
        "6603" => ("支付手续费", "Online fees"),
        "6604" => ("现金长短款", "Cash variance"),
        "6605" => ("银行手续费", "Bank fees"),
        _ => ("其他", "Other"),
    }
}

/// The id of the debtor, partner or fee item whose account it is, as text.
pub(crate) fn subject_text(code: &str, subject: Uuid) -> Option<String> {
    use Account as A;
    match A::from_code(code, Some(subject))? {
        A::Receivable(id) | A::PrepaymentLiability(id) | A::DepositLiability(id) => {
            Some(id.to_string())
        }
        A::PartnerPayable(id) => Some(id.to_string()),
        A::Revenue(id) => Some(id.to_string()),
        _ => None,
    }
}
