-- The customer's card: classification, value, completeness, entry, refresh (CUS-16, CUS-20, CUS-23, CUS-25, CUS-26,
-- CUS-43, CUS-44, CUS-46). What lists are narrowed to stands on customers; the rest beside it, by customer.

ALTER TABLE customers ADD COLUMN industry_code TEXT;
ALTER TABLE customers ADD COLUMN value_grade TEXT;
ALTER TABLE customers ADD COLUMN is_key_customer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN refreshed_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
UPDATE customers SET refreshed_at = updated_at;

-- One for each filter that may stand alone over the whole company: the value, then the order of the list.
CREATE INDEX customers_condition ON customers (condition, updated_at, id);
CREATE INDEX customers_activity_state ON customers (activity_state, updated_at, id);
CREATE INDEX customers_source ON customers (source, updated_at, id) WHERE source IS NOT NULL;
CREATE INDEX customers_industry ON customers (industry_code, updated_at, id) WHERE industry_code IS NOT NULL;
CREATE INDEX customers_value_grade ON customers (value_grade, updated_at, id) WHERE value_grade IS NOT NULL;
CREATE INDEX customers_key ON customers (is_key_customer, updated_at, id);
CREATE INDEX customers_refreshed ON customers (refreshed_at, id);
CREATE INDEX customers_last_contact ON customers (last_contact_at) WHERE last_contact_at IS NOT NULL;
CREATE INDEX customers_division ON customers (division_code) WHERE division_code IS NOT NULL;
CREATE INDEX customers_entry ON customers (submitted_at, first_contact_on);

ALTER TABLE customer_profiles ADD COLUMN size_class TEXT;
ALTER TABLE customer_profiles ADD COLUMN basic_needs TEXT;
ALTER TABLE customer_profiles ADD COLUMN former_systems TEXT;
ALTER TABLE customer_profiles ADD COLUMN operations TEXT;
ALTER TABLE customer_profiles ADD COLUMN workflow TEXT;

CREATE INDEX contacts_name ON contacts (name, customer_id);

-- gaps: one bit for each item of the profile that is not there; what it weighs is a policy, so it is not kept.
CREATE TABLE customer_standings (
    customer_id TEXT NOT NULL PRIMARY KEY REFERENCES customers (id),
    gaps INTEGER NOT NULL,
    graded_at TIMESTAMP,
    entry_state TEXT,
    entry_days INTEGER,
    key_reason TEXT,
    key_marked_by TEXT REFERENCES users (id),
    key_marked_at TIMESTAMP,
    reminded_at TIMESTAMP
);
CREATE INDEX customer_standings_gaps ON customer_standings (gaps, customer_id);
CREATE INDEX customer_standings_entry ON customer_standings (entry_state, customer_id);

-- What can be told of customers that were there before: 1 business scope, 32 done, 64 now, 128 next, 256 e-mails.
INSERT INTO customer_standings (customer_id, gaps)
SELECT c.id, 30
    + CASE WHEN p.business_scope IS NULL THEN 1 ELSE 0 END
    + CASE WHEN EXISTS (SELECT 1 FROM activities a WHERE a.customer_id = c.id) THEN 0 ELSE 32 END
    + CASE WHEN (SELECT a.result FROM activities a WHERE a.customer_id = c.id
        ORDER BY a.happened_at DESC, a.id DESC LIMIT 1) IS NULL THEN 64 ELSE 0 END
    + CASE WHEN (SELECT a.remind_at FROM activities a WHERE a.customer_id = c.id
        ORDER BY a.happened_at DESC, a.id DESC LIMIT 1) IS NULL THEN 128 ELSE 0 END
    + CASE WHEN EXISTS (SELECT 1 FROM activities a WHERE a.customer_id = c.id AND a.kind = 'EMAIL') THEN 0 ELSE 256 END
FROM customers c INNER JOIN customer_profiles p ON p.customer_id = c.id;

-- Never changed: the history of a customer's value (CUS-43). value is kept exactly, in 1/400 of a point.
CREATE TABLE value_assessments (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    scores TEXT NOT NULL,
    value BIGINT NOT NULL,
    grade TEXT NOT NULL,
    comment TEXT,
    policy_number BIGINT NOT NULL,
    assessed_by TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX value_assessments_customer ON value_assessments (customer_id, created_at, id);

-- Dated notes of what changed at the customer, and whether they were entered immediately (CUS-26).
CREATE TABLE major_changes (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    kind TEXT NOT NULL,
    occurred_on DATE NOT NULL,
    note TEXT NOT NULL,
    days INTEGER NOT NULL,
    in_time BOOLEAN NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX major_changes_customer ON major_changes (customer_id, created_at, id);

CREATE INDEX contracts_signed ON contracts (state, signed_on);
