-- Transfer, handover, departure, stand-in, sharing (DUP-11..19, ORG-23..25).

-- A stand-in may also work the absent colleague's records (DUP-17).
ALTER TABLE delegations ADD COLUMN works_records BOOLEAN NOT NULL DEFAULT FALSE;
-- In whose stead an activity was done (DUP-17).
ALTER TABLE activities ADD COLUMN on_behalf_of TEXT REFERENCES users (id);
CREATE INDEX activities_in_stead ON activities (on_behalf_of, created_at, id);

-- The account that stands for a unit: it holds the group's shared column (DUP-15), and a share with it is a share with
-- everybody of the unit (DUP-12). Nobody can log in with it.
CREATE TABLE unit_accounts (
    unit_id TEXT NOT NULL PRIMARY KEY REFERENCES units (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX unit_accounts_user ON unit_accounts (user_id);

CREATE INDEX shares_subject_created ON shares (subject_kind, subject_id, created_at, id);
CREATE INDEX shares_user_created ON shares (user_id, created_at, id);
CREATE INDEX shares_granted ON shares (granted_by, created_at, id);

CREATE TABLE departures (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    last_day DATE NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    responsible_id TEXT NOT NULL REFERENCES users (id),
    announced_by TEXT NOT NULL REFERENCES users (id),
    due_at TIMESTAMP NOT NULL,
    overdue_at TIMESTAMP,
    ended_by TEXT REFERENCES users (id),
    ended_at TIMESTAMP,
    policy_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
-- A person leaves once at a time: the database says so.
CREATE UNIQUE INDEX departures_open ON departures (user_id) WHERE state = 'ANNOUNCED';
CREATE INDEX departures_created ON departures (created_at, id);
CREATE INDEX departures_due ON departures (state, due_at, id);
CREATE INDEX departures_user ON departures (user_id, created_at, id);
CREATE INDEX departures_responsible ON departures (responsible_id, created_at, id);

CREATE TABLE handovers (
    id TEXT NOT NULL PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES users (id),
    to_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    reason TEXT NOT NULL,
    departure_id TEXT REFERENCES departures (id),
    job_id TEXT NOT NULL REFERENCES jobs (id),
    ordered_by TEXT NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    customers BIGINT NOT NULL,
    opportunities BIGINT NOT NULL,
    quotes BIGINT NOT NULL,
    contracts BIGINT NOT NULL,
    conflict_cases BIGINT NOT NULL,
    finished_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
-- One handover of a person runs at a time.
CREATE UNIQUE INDEX handovers_running ON handovers (from_id) WHERE state = 'RUNNING';
CREATE UNIQUE INDEX handovers_job ON handovers (job_id);
CREATE INDEX handovers_created ON handovers (created_at, id);
CREATE INDEX handovers_from ON handovers (from_id, created_at, id);
CREATE INDEX handovers_to ON handovers (to_id, created_at, id);

-- Customers that go to somebody else than the receiver of the handover.
CREATE TABLE handover_assignments (
    handover_id TEXT NOT NULL REFERENCES handovers (id),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    to_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (handover_id, customer_id)
);

-- Automatic sharing (DUP-14): evaluated by the access filter, never copied into shares.
CREATE TABLE sharing_rules (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    kinds TEXT,
    lines TEXT,
    conditions TEXT,
    to_user_id TEXT REFERENCES users (id),
    to_unit_id TEXT REFERENCES units (id),
    to_role_id TEXT REFERENCES roles (id),
    to_role_within TEXT REFERENCES units (id),
    level TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP,
    created_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX sharing_rules_created ON sharing_rules (created_at, id);

-- A call-centre seat asks the administrator to share (DUP-13).
CREATE TABLE share_applications (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    level TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    share_id TEXT,
    decided_by TEXT REFERENCES users (id),
    decided_at TIMESTAMP,
    comment TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX share_applications_created ON share_applications (created_at, id);
CREATE INDEX share_applications_owner ON share_applications (owner_id, created_at, id);
CREATE INDEX share_applications_customer ON share_applications (customer_id, created_at, id);
