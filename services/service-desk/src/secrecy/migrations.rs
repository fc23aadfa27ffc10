//! The tables of secrets.

use db::Migration;

/// From whom complaints are kept, and what belongs to them; what was kept before these tables
/// existed is taken over.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201072000_secrets",
        up: UP,
        down: "DROP INDEX inbox_letters_of_reference; DROP TABLE secret_things; DROP TABLE secret_subjects;",
        tenant_tables: &["secret_subjects", "secret_things"],
        append_only: &["secret_things"],
        system_tables: &[],
    }
}

const UP: &str = "
CREATE TABLE secret_subjects (
    tenant_id    UUID NOT NULL,
    user_id      UUID NOT NULL,
    complaint_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, user_id, complaint_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE INDEX secret_subjects_of_complaint ON secret_subjects (tenant_id, complaint_id);
-- The complaint itself is one of its things; `name` is by what letters refer to it.
CREATE TABLE secret_things (
    tenant_id    UUID NOT NULL,
    thing_id     UUID NOT NULL,
    complaint_id UUID NOT NULL,
    name         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, thing_id, complaint_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE INDEX secret_things_of_complaint ON secret_things (tenant_id, complaint_id);
CREATE INDEX inbox_letters_of_reference ON inbox_letters (tenant_id, reference);
-- postgres
-- Their owner sees the rows of every company while they are taken over.
ALTER TABLE complaints NO FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE revisits NO FORCE ROW LEVEL SECURITY;
INSERT INTO secret_subjects (tenant_id, user_id, complaint_id)
    SELECT c.tenant_id, CAST(u.value AS UUID), c.id
    FROM complaints c CROSS JOIN jsonb_array_elements_text(CAST(c.subjects AS JSONB)) AS u (value)
    ON CONFLICT DO NOTHING;
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT tenant_id, id, id, 'cpl_' || replace(CAST(id AS TEXT), '-', '') FROM complaints;
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT tenant_id, revisit_reference, id, 'cpl_' || replace(CAST(id AS TEXT), '-', '')
    FROM complaints WHERE revisit_reference <> id;
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT n.tenant_id, n.id, c.id, 'cnt_' || replace(CAST(n.id AS TEXT), '-', '')
    FROM contacts n JOIN complaints c ON c.tenant_id = n.tenant_id
    AND n.reference = 'cpl_' || replace(CAST(c.id AS TEXT), '-', '');
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT r.tenant_id, r.id, c.id, 'rvt_' || replace(CAST(r.id AS TEXT), '-', '')
    FROM revisits r JOIN complaints c ON c.tenant_id = r.tenant_id
    AND r.source = 'COMPLAINT' AND r.reference IN (c.id, c.revisit_reference);
ALTER TABLE revisits FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
ALTER TABLE complaints FORCE ROW LEVEL SECURITY;
-- end
-- sqlite
INSERT INTO secret_subjects (tenant_id, user_id, complaint_id)
    SELECT c.tenant_id, unhex(replace(u.value, '-', '')), c.id
    FROM complaints c, json_each(c.subjects) u WHERE TRUE
    ON CONFLICT DO NOTHING;
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT tenant_id, id, id, 'cpl_' || lower(hex(id)) FROM complaints;
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT tenant_id, revisit_reference, id, 'cpl_' || lower(hex(id))
    FROM complaints WHERE revisit_reference <> id;
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT n.tenant_id, n.id, c.id, 'cnt_' || lower(hex(n.id))
    FROM contacts n JOIN complaints c ON c.tenant_id = n.tenant_id
    AND n.reference = 'cpl_' || lower(hex(c.id));
INSERT INTO secret_things (tenant_id, thing_id, complaint_id, name)
    SELECT r.tenant_id, r.id, c.id, 'rvt_' || lower(hex(r.id))
    FROM revisits r JOIN complaints c ON c.tenant_id = r.tenant_id
    AND r.source = 'COMPLAINT' AND r.reference IN (c.id, c.revisit_reference);
-- end
";
