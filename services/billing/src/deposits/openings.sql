-- The opening balances that brought a deposit in, and the deposit that a row became.
ALTER TABLE deposits ADD COLUMN opening_id UUID;
ALTER TABLE opening_rows ADD COLUMN deposit_id UUID;
-- postgres
ALTER TABLE deposits NO FORCE ROW LEVEL SECURITY;
ALTER TABLE opening_rows NO FORCE ROW LEVEL SECURITY;
ALTER TABLE openings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_accounts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE estates NO FORCE ROW LEVEL SECURITY;
-- end
INSERT INTO deposits (tenant_id, id, estate_id, account_id, building_id, kind, amount, currency,
    agreement, requested_by, requested_at, cancelled, taken_on, taken_at, taken_by, entry_id,
    deducted, refunded, state, opening_id)
SELECT r.tenant_id, r.entry_id, r.estate_id, r.account_id, a.building_id, 'OTHER', r.amount,
    s.currency, COALESCE(r.note, ''), o.created_by, o.created_at, FALSE, e.day, o.decided_at,
    o.created_by, r.entry_id, 0, 0, 'HELD', o.id
FROM opening_rows r
JOIN openings o ON o.tenant_id = r.tenant_id AND o.id = r.opening_id
JOIN billing_accounts a ON a.tenant_id = r.tenant_id AND a.id = r.account_id
JOIN ledger_entries e ON e.tenant_id = r.tenant_id AND e.id = r.entry_id
JOIN estates s ON s.tenant_id = r.tenant_id AND s.id = r.estate_id
WHERE r.kind = 'DEPOSIT' AND r.state = 'POSTED';
UPDATE opening_rows SET deposit_id = entry_id WHERE kind = 'DEPOSIT' AND state = 'POSTED';
-- postgres
ALTER TABLE deposits FORCE ROW LEVEL SECURITY;
ALTER TABLE opening_rows FORCE ROW LEVEL SECURITY;
ALTER TABLE openings FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE estates FORCE ROW LEVEL SECURITY;
-- end
