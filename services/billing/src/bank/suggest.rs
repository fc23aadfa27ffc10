//! What a line may be, with how sure that is and why.

use super::{
    books_repo::{self, BookItem},
    domain::{BankLine, PartKind},
    rules_repo::Rules,
};
use crate::{
    accounts::{self, BillingAccount},
    cashier::{CashDeposit, Deposits},
    estates,
    ids::{BillingAccountId, UnitId},
    say,
};
use db::{StorageError, TenantScope};
use std::collections::{BTreeSet, HashSet};
use texts::Text;

/// What a line may be.
#[derive(Clone, Debug)]
pub(super) struct Suggestion {
    pub kind: PartKind,
    /// The source in the books, the cash deposit or the billing account.
    pub target: Option<String>,
    /// In percent.
    pub confidence: u8,
    pub why: Text,
}

/// The most pieces of a text that are looked up as labels of units.
const MOST_WORDS: usize = 20;

/// What a line may be, the likeliest first.
pub(super) async fn suggestions(
    scope: &TenantScope,
    line: &BankLine,
) -> Result<Vec<Suggestion>, StorageError> {
    let mut all = by_rules(scope, line).await?;
    if line.amount.is_positive() {
        let cash = Deposits(scope).on_the_way(line.estate, line.amount).await?;
        all.extend(cash.iter().map(|deposit| of_cash(line, deposit)));
    }
    let items = books_repo::of_amount(scope, line.estate, line.amount).await?;
    all.extend(items.iter().map(|item| of_books(line, item)));
    if line.amount.is_positive() {
        all.extend(by_debtor(scope, line).await?);
    } else if is_fee(&line.words()) {
        all.push(Suggestion {
            kind: PartKind::BankFee,
            target: None,
            confidence: 80,
            why: say::why_fee(),
        });
    }
    let mut seen = HashSet::new();
    all.sort_by_key(|it| std::cmp::Reverse(it.confidence));
    all.retain(|it| seen.insert((it.kind, it.target.clone())));
    Ok(all)
}

async fn by_rules(scope: &TenantScope, line: &BankLine) -> Result<Vec<Suggestion>, StorageError> {
    let rules = Rules(scope).holding(line.estate).await?;
    let fitting = rules.into_iter().filter(|rule| rule.terms.fit(line));
    Ok(fitting
        .map(|rule| Suggestion {
            kind: rule.kind,
            target: rule.account.map(|id| id.to_string()),
            confidence: 98,
            why: say::why_rule(rule.name),
        })
        .collect())
}

fn of_cash(line: &BankLine, deposit: &CashDeposit) -> Suggestion {
    let named = line.words().contains(&deposit.slip);
    let (confidence, why) = if named {
        (95, say::why_slip(deposit.slip.clone()))
    } else {
        (60, say::why_cash_amount())
    };
    let target = Some(deposit.id.to_string());
    Suggestion { kind: PartKind::CashDeposit, target, confidence, why }
}

fn of_books(line: &BankLine, item: &BookItem) -> Suggestion {
    let words = line.words();
    let named = !item.memo.is_empty() && words.contains(&item.memo) || words.contains(&item.source);
    let (confidence, why) = if named {
        let name = if item.memo.is_empty() { &item.source } else { &item.memo };
        (95, say::why_book_reference(name.clone()))
    } else {
        (70, say::why_book_amount())
    };
    let target = Some(item.source.clone());
    Suggestion { kind: PartKind::Booked, target, confidence, why }
}

fn is_fee(words: &str) -> bool {
    let words = words.to_lowercase();
    ["手续费", "工本费", "管理费", "fee", "charge"].iter().any(|word| words.contains(word))
}

/// Pieces of a text that may be the label of a unit.
fn labels(words: &str) -> BTreeSet<String> {
    let piece = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    let pieces = words.split(piece).filter(|word| word.chars().any(|c| c.is_ascii_digit()));
    pieces.filter(|word| word.len() <= 40).take(MOST_WORDS).map(str::to_owned).collect()
}

/// Accounts that the line names, or that owe exactly this much.
async fn by_debtor(scope: &TenantScope, line: &BankLine) -> Result<Vec<Suggestion>, StorageError> {
    let id = |id: &uuid::Uuid| BillingAccountId::from_uuid(*id);
    let owing: Vec<_> = books_repo::owing(scope, line.estate, line.amount).await?;
    let owing: Vec<BillingAccountId> = owing.iter().map(id).collect();
    let named: Vec<_> = match line.payer.as_str() {
        "" => Vec::new(),
        name => books_repo::named(scope, line.estate, name).await?,
    };
    let named: Vec<BillingAccountId> = named.iter().map(id).collect();
    let found = estates::units_by_label(scope, line.estate, labels(&line.words())).await?;
    let units: Vec<(String, UnitId)> = found.into_iter().collect();
    let ids: Vec<UnitId> = units.iter().map(|(_, unit)| *unit).collect();
    let of_units = accounts::of_units(scope, &ids).await?;
    let mut all: Vec<Suggestion> =
        of_units.iter().map(|account| of_unit(account, &units, &owing)).collect();
    all.extend(named.iter().map(|account| {
        if owing.contains(account) {
            of_account(*account, 92, say::why_name_and_amount())
        } else {
            of_account(*account, 45, say::why_name())
        }
    }));
    let alone = if owing.len() == 1 { 55 } else { 30 };
    all.extend(owing.iter().map(|account| of_account(*account, alone, say::why_amount())));
    Ok(all)
}

fn of_unit(
    account: &BillingAccount,
    units: &[(String, UnitId)],
    owing: &[BillingAccountId],
) -> Suggestion {
    let label = units.iter().find(|(_, unit)| account.debtor.unit == Some(*unit));
    let label = label.map(|(label, _)| label.clone()).unwrap_or_default();
    if owing.contains(&account.id) {
        of_account(account.id, 96, say::why_unit_and_amount(label))
    } else {
        of_account(account.id, 65, say::why_unit(label))
    }
}

fn of_account(account: BillingAccountId, confidence: u8, why: Text) -> Suggestion {
    let target = Some(account.to_string());
    Suggestion { kind: PartKind::Account, target, confidence, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_units_are_found_in_a_text() {
        let found = labels("物业费3-1-1201，王芳 2026-07");
        assert!(found.contains("3-1-1201"));
        assert!(found.contains("2026-07"));
        assert!(labels("no number here").is_empty());
    }

    #[test]
    fn fees_are_known_by_their_words() {
        assert!(is_fee("网银手续费"));
        assert!(is_fee("Service CHARGE"));
        assert!(!is_fee("物业费"));
    }
}
