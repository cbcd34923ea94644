-- Merges of customers, likely duplicates, the proceedings of conflict cases, cooperation.

-- Who was merged into whom (DUP-09); `moved` rows stand in merge_moves, so that an undo is exact.
CREATE TABLE merges (
    id TEXT NOT NULL PRIMARY KEY,
    survivor_id TEXT NOT NULL REFERENCES customers (id),
    absorbed_id TEXT NOT NULL REFERENCES customers (id),
    survivor_name TEXT NOT NULL,
    absorbed_name TEXT NOT NULL,
    absorbed_state TEXT NOT NULL,
    survivor_version BIGINT NOT NULL,
    fields TEXT NOT NULL,
    counts TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    merged_by TEXT NOT NULL REFERENCES users (id),
    undo_until TIMESTAMP NOT NULL,
    undone_by TEXT REFERENCES users (id),
    undone_at TIMESTAMP,
    undo_reason TEXT,
    policy_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX merges_created ON merges (created_at, id);
CREATE INDEX merges_survivor ON merges (survivor_id, created_at, id);
CREATE INDEX merges_absorbed ON merges (absorbed_id, created_at, id);

CREATE TABLE merge_moves (
    id TEXT NOT NULL PRIMARY KEY,
    merge_id TEXT NOT NULL REFERENCES merges (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    outcome TEXT
);
CREATE UNIQUE INDEX merge_moves_position ON merge_moves (merge_id, position);

-- Registered customers that are likely the same (DUP-10): left_id < right_id, each pair once.
CREATE TABLE duplicate_pairs (
    id TEXT NOT NULL PRIMARY KEY,
    left_id TEXT NOT NULL REFERENCES customers (id),
    right_id TEXT NOT NULL REFERENCES customers (id),
    score INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    state TEXT NOT NULL,
    found_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    decided_by TEXT REFERENCES users (id),
    decided_at TIMESTAMP,
    decision_reason TEXT,
    -- The names as they were dismissed: the pair is proposed again only when one of them changes.
    left_name TEXT NOT NULL,
    right_name TEXT NOT NULL,
    merge_id TEXT REFERENCES merges (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX duplicate_pairs_pair ON duplicate_pairs (left_id, right_id);
CREATE INDEX duplicate_pairs_right ON duplicate_pairs (right_id);
CREATE INDEX duplicate_pairs_all_score ON duplicate_pairs (score, id);
CREATE INDEX duplicate_pairs_all_due ON duplicate_pairs (due_at, id);
CREATE INDEX duplicate_pairs_score ON duplicate_pairs (state, score, id);
CREATE INDEX duplicate_pairs_due ON duplicate_pairs (state, due_at, id);
CREATE INDEX duplicate_pairs_found ON duplicate_pairs (found_at, id);
CREATE INDEX duplicate_pairs_merge ON duplicate_pairs (merge_id);

-- A case may be about a customer alone (AMB-45): then an attempt stands where the opportunity does. Neither database
-- takes a NOT NULL away by the same statement, so the table is made anew.
CREATE TABLE conflict_cases_new (
    id TEXT NOT NULL PRIMARY KEY,
    opportunity_id TEXT REFERENCES opportunities (id),
    attempt_id TEXT REFERENCES registration_attempts (id),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    customer_name TEXT NOT NULL,
    holder_id TEXT NOT NULL REFERENCES users (id),
    claimant_id TEXT NOT NULL REFERENCES users (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    state TEXT NOT NULL,
    detected_at TIMESTAMP NOT NULL,
    appeal_until TIMESTAMP NOT NULL,
    appeal_reason TEXT,
    appealed_at TIMESTAMP,
    arbitrator_id TEXT REFERENCES users (id),
    ruling TEXT,
    basis TEXT,
    holder_share BIGINT,
    claimant_share BIGINT,
    ruled_by TEXT REFERENCES users (id),
    ruled_at TIMESTAMP,
    policy_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
INSERT INTO conflict_cases_new (
    id, opportunity_id, customer_id, customer_name, holder_id, claimant_id, owner_id, unit_id, security_level, state,
    detected_at, appeal_until, appeal_reason, appealed_at, ruling, basis, holder_share, claimant_share, ruled_by,
    ruled_at, policy_number, version, created_at, updated_at
)
SELECT
    id, opportunity_id, customer_id, customer_name, holder_id, claimant_id, owner_id, unit_id, security_level, state,
    detected_at, appeal_until, appeal_reason, appealed_at, ruling, basis, holder_share, claimant_share, ruled_by,
    ruled_at, policy_number, version, created_at, updated_at
FROM conflict_cases;
DROP TABLE conflict_cases;
ALTER TABLE conflict_cases_new RENAME TO conflict_cases;
-- Not unique: what a ruling gave back to its owner may collide again, and that is another case.
CREATE INDEX conflict_cases_opportunity ON conflict_cases (opportunity_id, created_at, id);
-- Unique: an attempt is appealed once.
CREATE UNIQUE INDEX conflict_cases_attempt ON conflict_cases (attempt_id);
CREATE INDEX conflict_cases_created ON conflict_cases (created_at, id);
CREATE INDEX conflict_cases_owner ON conflict_cases (owner_id, created_at, id);
CREATE INDEX conflict_cases_claimant ON conflict_cases (claimant_id, created_at, id);
CREATE INDEX conflict_cases_holder ON conflict_cases (holder_id, created_at, id);
CREATE INDEX conflict_cases_arbitrator ON conflict_cases (arbitrator_id, created_at, id);
CREATE INDEX conflict_cases_unit ON conflict_cases (unit_id, created_at, id);
CREATE INDEX conflict_cases_customer ON conflict_cases (customer_id, created_at, id);

-- What the parties and the arbitrator put on record in a case: it only grows (CONF-06, CONF-07).
CREATE TABLE case_entries (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES conflict_cases (id),
    author_id TEXT NOT NULL REFERENCES users (id),
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT,
    record_kind TEXT,
    record_id TEXT,
    confidential BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX case_entries_case ON case_entries (case_id, created_at, id);

-- Who pursues what with which share by a ruling (CONF-04): of a subject only the rows without an end count.
CREATE TABLE cooperation_splits (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES conflict_cases (id),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    opportunity_id TEXT REFERENCES opportunities (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    share BIGINT NOT NULL,
    since TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX cooperation_splits_since ON cooperation_splits (since, id);
CREATE INDEX cooperation_splits_customer ON cooperation_splits (customer_id, since, id);
CREATE INDEX cooperation_splits_opportunity ON cooperation_splits (opportunity_id, since, id);
CREATE INDEX cooperation_splits_user ON cooperation_splits (user_id, since, id);

-- A share that a ruling gave; nobody but a new ruling or the administrator takes it back (CONF-04).
ALTER TABLE shares ADD COLUMN case_id TEXT REFERENCES conflict_cases (id);

CREATE INDEX registration_attempts_rule ON registration_attempts (rule, attempted_at, id);
CREATE INDEX registration_attempts_name ON registration_attempts (attempted_name, attempted_at, id);
