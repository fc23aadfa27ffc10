//! Every entry balances, every allocation conserves.

use super::*;
use crate::ids::{BillId, BillingAccountId, FeeItemId, PartnerId};
use chrono::{Days, NaiveDate};
use money::{Currency, Fen};
use proptest::prelude::*;
use uuid::Uuid;

const CNY: Currency = Currency::CNY;

fn debtor() -> BillingAccountId {
    BillingAccountId::from_uuid(Uuid::from_u128(1))
}

fn revenue() -> Account {
    Account::Revenue(FeeItemId::from_uuid(Uuid::from_u128(2)))
}

fn bill(id: u128, due: &str, principal: i64, late_fee: i64) -> OpenBill {
    OpenBill {
        id: BillId::from_uuid(Uuid::from_u128(id)),
        due: due.parse().unwrap(),
        principal: Fen(principal),
        late_fee: Fen(late_fee),
    }
}

fn line(account: Account, amount: i64) -> Line {
    Line { account, amount: Fen(amount), currency: CNY }
}

#[test]
fn only_balanced_lines_of_one_currency_are_an_entry() {
    let make = |lines| Entry::new(EntryKind::Payment, lines);
    assert_eq!(make(vec![]), Err(LedgerError::Empty));
    assert_eq!(make(vec![line(Account::Cash, 0), line(Account::Bank, 0)]), Err(LedgerError::Empty));
    let off = make(vec![line(Account::Cash, 5), line(Account::Bank, -4)]);
    assert_eq!(off, Err(LedgerError::Unbalanced(1)));
    let usd = Line { currency: "USD".parse().unwrap(), ..line(Account::Bank, -5) };
    assert_eq!(make(vec![line(Account::Cash, 5), usd]), Err(LedgerError::MixedCurrency));
    let extreme = make(vec![line(Account::Cash, i64::MAX), line(Account::Bank, i64::MAX)]);
    assert!(matches!(extreme, Err(LedgerError::Unbalanced(_))));
}

#[test]
fn every_account_reads_back_from_its_code() {
    let accounts = [
        Account::Cash,
        Account::Bank,
        Account::StripeClearing,
        Account::CashInTransit,
        Account::Receivable(debtor()),
        Account::PartnerPayable(PartnerId::from_uuid(Uuid::from_u128(3))),
        Account::PrepaymentLiability(debtor()),
        Account::DepositLiability(debtor()),
        Account::CommonIncome,
        Account::OpeningBalance,
        revenue(),
        Account::Waivers,
        Account::StripeFees,
        Account::Unallocated,
        Account::OtherIncome,
        Account::CashVariance,
        Account::BankFees,
    ];
    let codes: std::collections::HashSet<_> = accounts.iter().map(|a| a.code()).collect();
    assert_eq!(codes.len(), accounts.len());
    for account in accounts {
        assert_eq!(Account::from_code(account.code(), account.subject()), Some(account));
    }
    assert_eq!(Account::from_code("1122", None), None);
    assert_eq!(Account::from_code("1001", Some(Uuid::from_u128(1))), None);
    assert_eq!(Account::from_code("9999", None), None);
}

#[test]
fn a_charge_and_its_payment_leave_nothing_owed_and_the_rest_prepaid() {
    let owed = Account::Receivable(debtor());
    let charge = Entry::charge(debtor(), revenue(), Fen(83_586), CNY).unwrap();
    let paid = Entry::payment(Till::Online, debtor(), Fen(83_586), Fen(16_414), CNY).unwrap();
    assert_eq!(charge.change_of(owed) + paid.change_of(owed), Fen::ZERO);
    assert_eq!(paid.change_of(Account::PrepaymentLiability(debtor())), Fen(-16_414));
    assert_eq!(paid.change_of(Account::StripeClearing), Fen(100_000));
    let applied = Entry::prepayment_applied(debtor(), Fen(16_414), CNY).unwrap();
    assert_eq!(applied.change_of(Account::PrepaymentLiability(debtor())), Fen(16_414));
    assert_eq!(applied.change_of(owed), Fen(-16_414));
    assert_eq!(Entry::payment(Till::Cash, debtor(), Fen(5), Fen(0), CNY).unwrap().lines().len(), 2);
}

#[test]
fn a_posting_of_nothing_or_less_is_refused() {
    let refused = Err(LedgerError::NotPositive);
    assert_eq!(Entry::charge(debtor(), revenue(), Fen::ZERO, CNY), refused);
    assert_eq!(Entry::payment(Till::Card, debtor(), Fen(-1), Fen(2), CNY), refused);
    assert_eq!(Entry::provider_fee(Fen::ZERO, CNY), refused);
    assert!(Entry::payment(Till::Card, debtor(), Fen(0), Fen(0), CNY).is_err());
}

#[test]
fn what_the_provider_returns_is_posted_the_other_way() {
    let (kept, returned) = (Entry::provider_fee(Fen(3), CNY), Entry::provider_fee(Fen(-3), CNY));
    let change = |entry: &Entry| entry.change_of(Account::StripeClearing);
    assert_eq!(change(&kept.unwrap()), Fen(-3));
    assert_eq!(change(&returned.unwrap()), Fen(3));
    assert_eq!(change(&Entry::payout(Fen(-3), CNY).unwrap()), Fen(3));
    assert_eq!(change(&Entry::dispute(Fen(3), CNY).unwrap()), Fen(-3));
}

#[test]
fn scenario_7_a_partial_payment_with_and_without_designation() {
    let open = [bill(2, "2026-04-15", 47_523, 1806), bill(1, "2026-01-15", 47_523, 3944)];
    let order = AllocationOrder::BillByBill;
    let allocation = allocate(Fen(60_000), &[], &open, order).unwrap();
    assert_eq!(allocation.parts, [principal(1, 47_523), late_fee(1, 3944), principal(2, 8533)]);
    let designated = allocate(Fen(60_000), &[open[0].id], &open, order).unwrap();
    let expected = [principal(2, 47_523), late_fee(2, 1806), principal(1, 10_671)];
    assert_eq!(designated.parts, expected);
    assert_eq!(designated.prepayment, Fen::ZERO);
}

#[test]
fn the_contract_may_put_all_principal_or_the_late_fee_first() {
    let open = [bill(2, "2026-04-15", 47_523, 1806), bill(1, "2026-01-15", 47_523, 3944)];
    let all = |order, named: &[BillId]| allocate(Fen(98_000), named, &open, order).unwrap().parts;
    let first = all(AllocationOrder::PrincipalFirst, &[]);
    assert_eq!(first, [principal(1, 47_523), principal(2, 47_523), late_fee(1, 2954)]);
    let first = all(AllocationOrder::LateFeeFirst, &[]);
    let expected =
        [late_fee(1, 3944), principal(1, 47_523), late_fee(2, 1806), principal(2, 44_727)];
    assert_eq!(first, expected);
    // The payer's word comes first, whatever the contract says: the named bill is settled whole.
    let named = all(AllocationOrder::PrincipalFirst, &[open[0].id]);
    let expected =
        [principal(2, 47_523), late_fee(2, 1806), principal(1, 47_523), late_fee(1, 1148)];
    assert_eq!(named, expected);
}

fn part(id: u128, toward: Toward, amount: i64) -> Allocated {
    Allocated { bill: BillId::from_uuid(Uuid::from_u128(id)), toward, amount: Fen(amount) }
}

fn principal(id: u128, amount: i64) -> Allocated {
    part(id, Toward::Principal, amount)
}

fn late_fee(id: u128, amount: i64) -> Allocated {
    part(id, Toward::LateFee, amount)
}

#[test]
fn a_payment_of_nothing_or_for_a_bill_that_is_not_open_is_refused() {
    let open = [bill(1, "2026-01-15", 100, 0)];
    let divide =
        |amount, named: &[BillId]| allocate(Fen(amount), named, &open, AllocationOrder::default());
    assert_eq!(divide(0, &[]).unwrap_err().field, "amount");
    let other = BillId::from_uuid(Uuid::from_u128(9));
    assert_eq!(divide(1, &[other]).unwrap_err().field, "billIds");
    assert_eq!(divide(150, &[]).unwrap().prepayment, Fen(50));
}

/// Any entry the business can make.
fn entry() -> impl Strategy<Value = Entry> {
    let amount = 1_i64..1_000_000_000;
    let till =
        prop_oneof![Just(Till::Cash), Just(Till::Card), Just(Till::Transfer), Just(Till::Online)];
    (0..9, amount, 0_i64..1_000_000, till).prop_map(|(kind, amount, ahead, till)| {
        let amount = Fen(amount);
        let held = Account::DepositLiability(debtor());
        match kind {
            0 => Entry::charge(debtor(), revenue(), amount, CNY),
            1 => Entry::payment(till, debtor(), amount, Fen(ahead), CNY),
            2 => Entry::deposit(till, debtor(), amount, CNY),
            3 => Entry::prepayment_applied(debtor(), amount, CNY),
            4 => Entry::refund(till, held, amount, CNY),
            5 => Entry::provider_fee(amount, CNY),
            6 => Entry::waiver(debtor(), amount, CNY),
            7 => Entry::opening(Account::Receivable(debtor()), -amount, CNY),
            _ => Entry::charge(debtor(), Account::CommonIncome, amount, CNY),
        }
        .unwrap()
    })
}

proptest! {
    #[test]
    fn every_posting_sums_to_zero_and_its_reversal_nets_it(entry in entry()) {
        prop_assert_eq!(entry.lines().iter().map(|l| l.amount).sum::<Fen>(), Fen::ZERO);
        let reversal = entry.reversal();
        prop_assert_eq!(reversal.kind(), EntryKind::Reversal);
        prop_assert!(Entry::new(EntryKind::Reversal, reversal.lines().to_vec()).is_ok());
        for line in entry.lines() {
            let both = entry.change_of(line.account) + reversal.change_of(line.account);
            prop_assert_eq!(both, Fen::ZERO);
        }
    }

    #[test]
    fn an_allocation_conserves_and_never_exceeds(
        amount in 1_i64..500_000,
        owed in proptest::collection::vec((0_u64..400, 0_i64..100_000, 0_i64..5_000), 0..8),
        designate in proptest::collection::vec(any::<proptest::sample::Index>(), 0..4),
        order in prop_oneof![
            Just(AllocationOrder::BillByBill),
            Just(AllocationOrder::PrincipalFirst),
            Just(AllocationOrder::LateFeeFirst),
        ],
    ) {
        let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let open: Vec<_> = owed.iter().enumerate().map(|(i, (due, principal, late_fee))| OpenBill {
            id: BillId::from_uuid(Uuid::from_u128(i as u128)),
            due: start + Days::new(*due),
            principal: Fen(*principal),
            late_fee: Fen(*late_fee),
        }).collect();
        let designated: Vec<_> = designate.iter().filter(|_| !open.is_empty())
            .map(|i| open[i.index(open.len())].id).collect();
        let result = allocate(Fen(amount), &designated, &open, order).unwrap();
        prop_assert_eq!(result.to_bills() + result.prepayment, Fen(amount));
        let debt: Fen = open.iter().map(|b| b.principal + b.late_fee).sum();
        prop_assert_eq!(result.to_bills(), debt.min(Fen(amount)));
        for bill in &open {
            let got = |toward| -> Fen {
                let parts = result.toward(toward);
                parts.iter().filter(|(id, _)| *id == bill.id).map(|(_, amount)| *amount).sum()
            };
            let (principal, late_fee) = (got(Toward::Principal), got(Toward::LateFee));
            prop_assert!(principal <= bill.principal && late_fee <= bill.late_fee);
            let first_is_whole = match order {
                AllocationOrder::LateFeeFirst => principal.is_zero() || late_fee == bill.late_fee,
                _ => late_fee.is_zero() || principal == bill.principal,
            };
            prop_assert!(first_is_whole);
        }
        prop_assert!(result.parts.iter().all(|part| part.amount.is_positive()));
        let rank = |id: BillId| (
            designated.iter().position(|d| *d == id).unwrap_or(usize::MAX),
            open.iter().find(|b| b.id == id).map(|b| b.due),
        );
        let named = |part: &&Allocated| designated.contains(&part.bill);
        let (first, rest) = result.parts.split_at(result.parts.iter().take_while(named).count());
        prop_assert!(first.is_sorted_by_key(|p| rank(p.bill)));
        let late = |part: &Allocated| {
            order == AllocationOrder::PrincipalFirst && part.toward == Toward::LateFee
        };
        prop_assert!(rest.is_sorted_by_key(|p| (late(p), rank(p.bill))));
    }
}
