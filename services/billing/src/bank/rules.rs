//! Rules of an estate by which lines are recognised.

use super::{
    BANK_MANAGE, BANK_READ,
    domain::{BankLine, PartKind, Target},
    rules_repo::Rules,
};
use crate::{
    accounts, estates,
    ids::{BankRuleId, BillingAccountId},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;
use serde::Serialize;

/// The longest name and text.
const MAX_TEXT: usize = 60;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub id: BankRuleId,
    pub estate: EstateId,
    pub name: String,
    pub terms: Terms,
    pub kind: PartKind,
    /// For money of one account.
    pub account: Option<BillingAccountId>,
    /// Whether it matches by itself what can be nothing else.
    pub automatic: bool,
}

impl Rule {
    /// What a line that it fits is; `None` for a kind that no rule can be of.
    pub fn target(&self) -> Option<Target> {
        match self.kind {
            PartKind::Account => self.account.map(Target::Account),
            PartKind::BankFee => Some(Target::BankFee),
            PartKind::Unallocated => Some(Target::Unallocated),
            PartKind::Booked | PartKind::CashDeposit | PartKind::Cleared => None,
        }
    }
}

/// What a line must have; empty texts are no terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Terms {
    pub payer: String,
    pub payer_number: String,
    pub text: String,
    pub amount: Option<Fen>,
}

impl Terms {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.amount.is_none()
            && [&self.payer, &self.payer_number, &self.text].iter().all(|text| text.is_empty())
    }

    /// Whether a line has all of it.
    pub fn fit(&self, line: &BankLine) -> bool {
        let holds = |wanted: &str, text: &str| {
            wanted.is_empty() || text.to_lowercase().contains(&wanted.to_lowercase())
        };
        !self.is_empty()
            && self.amount.is_none_or(|amount| amount == line.amount)
            && holds(&self.payer, &line.payer)
            && holds(&self.payer_number, &line.payer_number)
            && holds(&self.text, &line.words())
    }
}

/// Add this rule.
#[derive(Clone, Debug, Serialize)]
pub(super) struct AddRule {
    pub estate: EstateId,
    pub name: String,
    pub terms: Terms,
    pub kind: PartKind,
    pub account: Option<BillingAccountId>,
    /// Whether it matches by itself what can be nothing else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

/// Adds a rule; from then on it suggests, or matches by itself.
#[tracing::instrument(name = "usecase.bank.add_rule", skip_all, fields(estate.id = %command.estate))]
pub(super) async fn add_rule(
    db: &Db,
    caller: &Caller,
    command: AddRule,
    key: &IdempotencyKey,
) -> Result<BankRuleId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, command.estate).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MANAGE, BANK_READ, command.estate)?;
    if let Some(account) = command.account {
        let found = accounts::find(&scope, account).await?;
        found.filter(|it| it.estate == command.estate).ok_or(Denied::Hidden)?;
    }
    drop(scope);
    check(&command)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "add_bank_rule", key, &input, move |scope| {
        Box::pin(async move {
            let rule = Rule {
                id: BankRuleId::from_uuid(scope.new_id()),
                estate: command.estate,
                name: command.name.trim().to_owned(),
                terms: command.terms,
                kind: command.kind,
                account: command.account,
                automatic: command.automatic,
            };
            Rules(scope).insert(&rule, actor.user()).await?;
            let fact = AuditFact {
                action: "bank_rule.added",
                object: rule.id.to_string(),
                estate: Some(rule.estate),
                reason: None,
                detail: (&rule.name, &rule.terms, rule.automatic),
            };
            audit(scope, &actor, fact).await?;
            Ok(rule.id)
        })
    })
    .await
}

fn check(command: &AddRule) -> Result<(), Invalid> {
    let Terms { payer, payer_number, text, .. } = &command.terms;
    if !(1..=MAX_TEXT).contains(&command.name.trim().chars().count()) {
        return Err(Invalid::new("name", expected::length(1, MAX_TEXT)));
    }
    for (field, value) in
        [("payerContains", payer), ("payerNumber", payer_number), ("textContains", text)]
    {
        if value.chars().count() > MAX_TEXT {
            return Err(Invalid::new(field, expected::length(0, MAX_TEXT)));
        }
    }
    if command.terms.is_empty() {
        return Err(Invalid::new("payerContains", say::bank_rule_empty()));
    }
    let fits = match command.kind {
        PartKind::Account => command.account.is_some(),
        PartKind::BankFee | PartKind::Unallocated => command.account.is_none(),
        PartKind::Booked | PartKind::CashDeposit | PartKind::Cleared => false,
    };
    // What an account owes says how much; of a charge or of unknown money only the rule can.
    if command.automatic && command.account.is_none() && command.terms.amount.is_none() {
        return Err(Invalid::new("amount", say::bank_rule_amount()));
    }
    if fits { Ok(()) } else { Err(Invalid::new("kind", say::bank_target_needed())) }
}

/// Removes a rule; what it led to stays.
#[tracing::instrument(name = "usecase.bank.remove_rule", skip_all, fields(rule.id = %id))]
pub(super) async fn remove_rule(
    db: &Db,
    caller: &Caller,
    id: BankRuleId,
) -> Result<BankRuleId, PayError> {
    let rule = Rules(&db.read(caller.tenant()).await?).find(id).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MANAGE, BANK_READ, rule.estate)?;
    let scope = db.write(caller.tenant()).await?;
    if !Rules(&scope).remove(id).await? {
        // Somebody removed it a moment ago: it is as wanted.
        return Ok(id);
    }
    let fact = AuditFact {
        action: "bank_rule.removed",
        object: id.to_string(),
        estate: Some(rule.estate),
        reason: None,
        detail: &rule.name,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{BankAccountId, BankLineId};
    use uuid::Uuid;

    #[test]
    fn a_rule_wants_everything_it_names_and_something() {
        let line = BankLine {
            id: BankLineId::from_uuid(Uuid::nil()),
            account: BankAccountId::from_uuid(Uuid::nil()),
            estate: EstateId::from_uuid(Uuid::nil()),
            day: "2026-07-31".parse().unwrap(),
            amount: Fen(500),
            payer: "Power Company".to_owned(),
            payer_number: "6222".to_owned(),
            text: "电费 July".to_owned(),
            reference: "S1".to_owned(),
            matched: false,
        };
        let none = Terms::default();
        assert!(!none.fit(&line));
        let payer = Terms { payer: "power".to_owned(), ..none.clone() };
        assert!(payer.fit(&line));
        assert!(
            Terms { amount: Some(Fen(500)), text: "s1".to_owned(), ..payer.clone() }.fit(&line)
        );
        assert!(!Terms { amount: Some(Fen(501)), ..payer.clone() }.fit(&line));
        assert!(!Terms { payer_number: "7".to_owned(), ..payer }.fit(&line));
    }
}
