-- Former names and aliases; the index that finds the likely same company.

-- Each claims the NAME key of its customer's line in registration_keys.
CREATE TABLE customer_names (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES users (id),
    recorded_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX customer_names_folded ON customer_names (customer_id, folded_name);

-- The special symbol of a line that is exempt against another: kept apart from the phone (DUP-05, AMB-3).
CREATE TABLE customer_line_symbols (
    customer_id TEXT NOT NULL PRIMARY KEY REFERENCES customers (id),
    symbol TEXT NOT NULL
);

-- Derived from the records, kept in the transaction of each write, computed again by `xianlu rebuild-matching`.
-- `number` follows from subject_id: names lie in the order of their records. A person has no name here, but a phone.
CREATE TABLE match_names (
    number BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address_term BIGINT,
    website_term BIGINT,
    phone_term BIGINT,
    PRIMARY KEY (number, subject_id, position)
);

-- On SQLite src/db/extras.rs makes these clustered tables: their key is all that is looked for.
CREATE TABLE match_terms (
    term BIGINT NOT NULL,
    name_number BIGINT NOT NULL,
    sketch BIGINT NOT NULL,
    PRIMARY KEY (term, name_number)
);

-- On SQLite: the latest terms, until there are enough of them to be moved to match_terms at once.
CREATE TABLE match_fresh (
    term BIGINT NOT NULL,
    name_number BIGINT NOT NULL,
    sketch BIGINT NOT NULL,
    PRIMARY KEY (term, name_number)
);
