//! Saying what a line of a statement is.

use super::{
    BANK_MATCH, BANK_READ, books_repo,
    domain::{BankLine, Part, PartKind, Target, arrived_entry, fee_entry, unallocated_entry},
    parts_repo::Parts,
    repo::Bank,
};
use crate::{
    accounts,
    cashier::Deposits,
    estates::{self, Estate},
    ids::{BankLineId, BankPartId, BankRuleId, BillingAccountId, CashDepositId, EntryId},
    ledger::{self, Entry, Posting},
    payments::{PayError, from_bank},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// The most parts of a line.
const MOST_PARTS: usize = 50;

/// This line is these things.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MatchLine {
    pub line: BankLineId,
    pub parts: Vec<(Target, Fen)>,
}

/// Notes what a line is, and posts what the books do not have yet.
#[tracing::instrument(name = "usecase.bank.match", skip_all, fields(line.id = %command.line))]
pub(super) async fn match_line(
    db: &Db,
    caller: &Caller,
    command: MatchLine,
    key: &IdempotencyKey,
) -> Result<BankLineId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let line = Bank(&scope).line(command.line).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MATCH, BANK_READ, line.estate)?;
    for (target, _) in &command.parts {
        belongs(&scope, &line, target).await?;
    }
    drop(scope);
    check(&line, &command.parts)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "match_bank_line", key, &input, move |scope| {
        Box::pin(async move {
            Bank(scope).hold(line.estate).await?;
            let line = Bank(scope).line(line.id).await?.ok_or(Denied::Hidden)?;
            if line.matched {
                return Err(PayError::Conflict(say::bank_matched_already()));
            }
            let estate = estates::find(scope, line.estate).await?.ok_or(Denied::Hidden)?;
            let work = Work { scope, actor: &actor, estate: &estate, line: &line, rule: None };
            work.all(&command.parts).await?;
            Ok(line.id)
        })
    })
    .await
}

/// Refuses what is not of the line's estate, as if it were not there.
async fn belongs(scope: &TenantScope, line: &BankLine, target: &Target) -> Result<(), PayError> {
    let is_here = match target {
        Target::CashDeposit(id) => {
            Deposits(scope).find(*id).await?.is_some_and(|it| it.estate == line.estate)
        }
        Target::Account(id) => {
            accounts::find(scope, *id).await?.is_some_and(|it| it.estate == line.estate)
        }
        Target::Booked(_) | Target::BankFee | Target::Unallocated => true,
    };
    if is_here { Ok(()) } else { Err(Denied::Hidden.into()) }
}

fn check(line: &BankLine, parts: &[(Target, Fen)]) -> Result<(), Invalid> {
    if !(1..=MOST_PARTS).contains(&parts.len()) {
        return Err(Invalid::new("parts", expected::items(1, MOST_PARTS)));
    }
    let sum: Fen = parts.iter().map(|(_, amount)| *amount).sum();
    if sum != line.amount {
        return Err(Invalid::new("parts", say::bank_parts_differ(line.amount, sum)));
    }
    for (target, amount) in parts {
        let comes_in = matches!(target, Target::CashDeposit(_) | Target::Account(_));
        if amount.is_zero() || comes_in && !amount.is_positive() {
            return Err(Invalid::new("amount", expected::above_zero()));
        }
    }
    Ok(())
}

/// Making the parts of one line.
pub(super) struct Work<'w> {
    pub scope: &'w TenantScope,
    pub actor: &'w Caller,
    pub estate: &'w Estate,
    pub line: &'w BankLine,
    /// The rule that says so; `None` when somebody does.
    pub rule: Option<BankRuleId>,
}

impl Work<'_> {
    /// Makes every part of the line, which is explained with them. The bank of its estate is held.
    pub async fn all(&self, parts: &[(Target, Fen)]) -> Result<(), PayError> {
        for (target, amount) in parts {
            let part = self.part(target.clone(), *amount).await?;
            Parts(self.scope).insert(&[part], self.actor.user()).await?;
        }
        Bank(self.scope).set_matched(self.line.id, true).await?;
        let fact = AuditFact {
            action: "bank_line.matched",
            object: self.line.id.to_string(),
            estate: Some(self.line.estate),
            reason: None,
            detail: (parts, self.rule.map(|rule| rule.to_string())),
        };
        Ok(audit(self.scope, self.actor, fact).await?)
    }

    async fn part(&self, target: Target, amount: Fen) -> Result<Part, PayError> {
        match target {
            Target::Booked(source) => self.booked(source, amount).await,
            Target::CashDeposit(id) => self.cash(id, amount).await,
            Target::Account(account) => self.account(account, amount).await,
            Target::BankFee => {
                let entry = fee_entry(amount, self.estate.currency)?;
                self.posted(PartKind::BankFee, entry, amount).await
            }
            Target::Unallocated => {
                let entry = unallocated_entry(amount, self.estate.currency)?;
                self.posted(PartKind::Unallocated, entry, amount).await
            }
        }
    }

    fn make(&self, kind: PartKind, source: String, amount: Fen, entry: Option<EntryId>) -> Part {
        Part {
            id: BankPartId::from_uuid(self.scope.new_id()),
            line: Some(self.line.id),
            estate: self.line.estate,
            kind,
            source,
            amount,
            day: self.line.day,
            entry,
            rule: self.rule,
        }
    }

    async fn booked(&self, source: String, amount: Fen) -> Result<Part, PayError> {
        let found = books_repo::of_source(self.scope, self.line.estate, &source).await?;
        let open = found.ok_or(Denied::Hidden)?.open;
        let fits = open.is_negative() == amount.is_negative() && amount.0.abs() <= open.0.abs();
        if !fits {
            return Err(PayError::Conflict(say::bank_not_that_much(open)));
        }
        Ok(self.make(PartKind::Booked, source, amount, None))
    }

    async fn cash(&self, id: CashDepositId, amount: Fen) -> Result<Part, PayError> {
        let deposit = Deposits(self.scope).lock(id).await?.ok_or(Denied::Hidden)?;
        if deposit.arrived_at.is_some() {
            return Err(PayError::Conflict(say::bank_arrived_already()));
        }
        if deposit.amount != amount {
            return Err(Invalid::new("amount", say::bank_deposit_whole(deposit.amount)).into());
        }
        let entry = arrived_entry(amount, self.estate.currency)?;
        let entry = self.post(entry, deposit.id.to_string()).await?;
        Deposits(self.scope).set_arrived(id, Some(self.scope.now())).await?;
        Ok(self.make(PartKind::CashDeposit, deposit.id.to_string(), amount, Some(entry)))
    }

    /// A new payment for an account.
    pub async fn account(&self, id: BillingAccountId, amount: Fen) -> Result<Part, PayError> {
        let account = accounts::find(self.scope, id).await?;
        let account = account.filter(|it| it.estate == self.line.estate).ok_or(Denied::Hidden)?;
        let reference = Some(self.line.reference.chars().take(100).collect::<String>());
        let reference = reference.filter(|reference| !reference.is_empty());
        let of = (self.estate, &account);
        let payment = from_bank(self.scope, self.actor, of, amount, reference).await?;
        Ok(self.make(PartKind::Account, payment.to_string(), amount, None))
    }

    async fn posted(&self, kind: PartKind, entry: Entry, amount: Fen) -> Result<Part, PayError> {
        let mut part = self.make(kind, String::new(), amount, None);
        part.source = part.id.to_string();
        part.entry = Some(self.post(entry, part.source.clone()).await?);
        Ok(part)
    }

    /// Posts an entry under a source, with what the statement says as its memo.
    pub async fn post(&self, entry: Entry, source: String) -> Result<EntryId, PayError> {
        let posting = Posting {
            estate: self.estate.id,
            entry,
            date: self.estate.today(self.scope.clock()),
            source,
            memo: self.line.words().trim().to_owned(),
        };
        Ok(ledger::post(self.scope, posting).await?)
    }
}
