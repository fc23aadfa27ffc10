//! What a role may be.

use crate::say;
use authz::{RolePermission, role_templates};
use errors::{Invalid, expected};
use std::collections::BTreeSet;
use texts::Text;

/// Pairs of rights that must lie with two people (handbook Part 2 (b), rules 1 and 2), so no role
/// has both.
const APART: [(&str, &str); 2] =
    [("fee.propose", "fee.approve"), ("payment.take", "refund.approve")];

/// The templates that staff and API clients can be given: not the platform's, not those that come
/// with living or working in a unit.
pub fn is_grantable(template: &str) -> bool {
    !["PLAT", "OWN", "OCC", "CTR"].contains(&template)
}

/// The templates' names.
pub const NAMES: [(&str, &str, &str); 20] = [
    ("PLAT", "平台管理员", "Platform operator"),
    ("CADM", "公司管理员", "Company administrator"),
    ("CFIN", "公司财务", "Company finance"),
    ("QA", "品质管理部", "Quality department"),
    ("DIR", "管理处主任", "Estate director"),
    ("SUP", "客服主管", "Customer-service supervisor"),
    ("DESK", "客服前台", "Front desk"),
    ("CLERK", "办公内勤", "Office clerk"),
    ("PO", "物业管理员", "Property officer"),
    ("PSUP", "泳馆主管", "Pool supervisor"),
    ("PDESK", "泳馆前台服务员", "Pool front desk"),
    ("LG", "泳馆救生员", "Lifeguard"),
    ("CASH", "收费员", "Cashier"),
    ("ENG", "工程维修", "Engineering"),
    ("SEC", "秩序维护", "Security"),
    ("HK", "保洁人员", "Housekeeping"),
    ("OWN", "业主", "Owner"),
    ("OCC", "住户", "Occupant"),
    ("OC", "业委会", "Owners' committee"),
    ("CTR", "装修单位", "Renovation contractor"),
];

/// Every permission there is, sorted.
pub fn permissions() -> BTreeSet<String> {
    let all = role_templates().into_iter().flat_map(|role| role.permissions);
    all.map(|right| right.permission).collect()
}

/// Checks the rights of a role that a company makes.
pub fn check_permissions(wanted: &[RolePermission]) -> Result<(), Invalid> {
    let wrong = |reason: Text| Err(Invalid::new("permissions", reason));
    let (known, mut seen) = (permissions(), BTreeSet::new());
    for right in wanted {
        let name = right.permission.as_str();
        if !known.contains(name) {
            return wrong(say::no_permission(name));
        }
        if !seen.insert(name) {
            return wrong(say::permission_twice(name));
        }
        if right.limit.is_some_and(|limit| limit < 0) {
            return wrong(say::limit_negative(name));
        }
    }
    match APART.iter().find(|(a, b)| seen.contains(a) && seen.contains(b)) {
        Some((a, b)) => wrong(say::apart(a, b)),
        None if wanted.is_empty() => wrong(expected::filled()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(name: &str) -> RolePermission {
        RolePermission { permission: name.to_owned(), reach: "all".to_owned(), limit: None }
    }

    fn reason(rights: &[&str]) -> Text {
        let rights: Vec<_> = rights.iter().map(|name| right(name)).collect();
        check_permissions(&rights).unwrap_err().reason
    }

    #[test]
    fn every_template_has_a_name() {
        let codes: Vec<String> = role_templates().into_iter().map(|role| role.code).collect();
        assert_eq!(codes, NAMES.map(|(code, ..)| code.to_owned()));
    }

    #[test]
    fn a_role_has_known_rights_once_and_none_that_lie_apart() {
        assert!(check_permissions(&[right("unit.read"), right("fee.read")]).is_ok());
        assert_eq!(reason(&["unit.eat"]), say::no_permission("unit.eat"));
        assert_eq!(reason(&["unit.read", "unit.read"]), say::permission_twice("unit.read"));
        assert_eq!(
            reason(&["fee.approve", "fee.propose"]),
            say::apart("fee.propose", "fee.approve")
        );
        assert_eq!(reason(&[]), expected::filled());
    }
}
