//! Lines that a rule matches by itself as soon as they are imported: those that can be nothing
//! else. Exactly one automatic rule fits, and exactly one thing is of exactly the amount: what the
//! rule says. Everything else stays in the queue for a person.

use super::{
    books_repo,
    domain::{BankLine, BankStatement, Target},
    match_line::Work,
    repo::Bank,
    rules::Rule,
    rules_repo::Rules,
};
use crate::{
    cashier::Deposits,
    estates,
    ledger::{self, Account},
    payments::PayError,
};
use authz::{Caller, Denied};
use db::{StorageError, TenantScope};

/// Matches what a new statement brought as far as rules can; answers how many lines. The bank of the
/// estate is held, and the caller may match.
pub(super) async fn match_new(
    scope: &TenantScope,
    actor: &Caller,
    statement: &BankStatement,
) -> Result<i32, PayError> {
    let rules = Rules(scope).automatic(statement.estate).await?;
    if rules.is_empty() {
        return Ok(0);
    }
    let estate = estates::find(scope, statement.estate).await?.ok_or(Denied::Hidden)?;
    let mut matched = 0;
    for line in Bank(scope).lines_of(statement.id).await? {
        let Some(rule) = only(&rules, &line) else { continue };
        let Some(target) = rule.target() else { continue };
        if is_of_amount(scope, &line, rule, &target).await? && !has_other(scope, &line).await? {
            let rule = Some(rule.id);
            let work = Work { scope, actor, estate: &estate, line: &line, rule };
            work.all(&[(target, line.amount)]).await?;
            matched += 1;
        }
    }
    Ok(matched)
}

/// The one rule that fits a line; `None` when none or several do.
fn only<'r>(rules: &'r [Rule], line: &BankLine) -> Option<&'r Rule> {
    let mut fitting = rules.iter().filter(|rule| rule.terms.fit(line));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// Whether the amount of a line is exactly what the rule's account owes; of a charge or unknown money
/// whether it is exactly what the rule names.
async fn is_of_amount(
    scope: &TenantScope,
    line: &BankLine,
    rule: &Rule,
    target: &Target,
) -> Result<bool, StorageError> {
    let Target::Account(account) = target else {
        return Ok(rule.terms.amount == Some(line.amount));
    };
    let owed = ledger::balance(scope, line.estate, Account::Receivable(*account)).await?;
    Ok(line.amount.is_positive() && owed == line.amount)
}

/// Whether the books already have something of exactly this amount that the line could be.
async fn has_other(scope: &TenantScope, line: &BankLine) -> Result<bool, StorageError> {
    let booked = books_repo::of_amount(scope, line.estate, line.amount).await?;
    if !booked.is_empty() || !line.amount.is_positive() {
        return Ok(!booked.is_empty());
    }
    Ok(!Deposits(scope).on_the_way(line.estate, line.amount).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::{domain::PartKind, rules::Terms},
        ids::{BankAccountId, BankLineId, BankRuleId},
    };
    use ids::EstateId;
    use money::Fen;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn line(payer: &str, amount: i64) -> BankLine {
        BankLine {
            id: BankLineId::from_uuid(Uuid::nil()),
            account: BankAccountId::from_uuid(Uuid::nil()),
            estate: EstateId::from_uuid(Uuid::nil()),
            day: "2026-07-31".parse().unwrap(),
            amount: Fen(amount),
            payer: payer.to_owned(),
            payer_number: String::new(),
            text: String::new(),
            reference: String::new(),
            matched: false,
        }
    }

    fn rule(n: u128, payer: &str, amount: Option<i64>) -> Rule {
        Rule {
            id: BankRuleId::from_uuid(Uuid::from_u128(n)),
            estate: EstateId::from_uuid(Uuid::nil()),
            name: payer.to_owned(),
            terms: Terms { payer: payer.to_owned(), amount: amount.map(Fen), ..Terms::default() },
            kind: PartKind::Unallocated,
            account: None,
            automatic: true,
        }
    }

    proptest! {
        #[test]
        fn a_rule_is_alone_exactly_when_one_fits(
            terms in proptest::collection::vec(("[ab]", proptest::option::of(1_i64..3)), 0..5),
            payer in "[ab]{1,2}", amount in 1_i64..3,
        ) {
            let rules: Vec<Rule> = (0..).zip(&terms)
                .map(|(n, (payer, amount))| rule(n, payer, *amount)).collect();
            let fits = |(name, wanted): &&(String, Option<i64>)| {
                payer.contains(name.as_str()) && wanted.is_none_or(|wanted| wanted == amount)
            };
            let fitting = terms.iter().filter(fits).count();
            prop_assert_eq!(only(&rules, &line(&payer, amount)).is_some(), fitting == 1);
        }
    }
}
