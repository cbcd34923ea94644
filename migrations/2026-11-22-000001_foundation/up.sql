-- One portable script for SQLite and PostgreSQL: TEXT, BIGINT, INTEGER, BOOLEAN, DATE, TIMESTAMP (UTC) only.
-- What only one backend can do lives in src/db/extras.rs.

-- Organisation -------------------------------------------------------------------------------

CREATE TABLE units (
    id TEXT NOT NULL PRIMARY KEY,
    parent_id TEXT REFERENCES units (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX units_sibling_name ON units (parent_id, name_key);
CREATE INDEX units_name ON units (name, id);
CREATE INDEX units_created ON units (created_at, id);

CREATE TABLE unit_closure (
    ancestor_id TEXT NOT NULL REFERENCES units (id),
    descendant_id TEXT NOT NULL REFERENCES units (id),
    depth INTEGER NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX unit_closure_descendant ON unit_closure (descendant_id, depth);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    login_key TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    superior_id TEXT REFERENCES users (id),
    grade TEXT,
    employment TEXT NOT NULL,
    clearance INTEGER NOT NULL,
    service_account BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    password_changed_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_login_key ON users (login_key);
CREATE INDEX users_name ON users (name, id);
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_unit ON users (unit_id, id);
CREATE INDEX users_superior ON users (superior_id);

CREATE TABLE password_history (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    password_hash TEXT NOT NULL,
    set_at TIMESTAMP NOT NULL
);
CREATE INDEX password_history_user ON password_history (user_id, set_at);

CREATE TABLE reporting_closure (
    superior_id TEXT NOT NULL REFERENCES users (id),
    subordinate_id TEXT NOT NULL REFERENCES users (id),
    depth INTEGER NOT NULL,
    PRIMARY KEY (superior_id, subordinate_id)
);
CREATE INDEX reporting_closure_subordinate ON reporting_closure (subordinate_id, depth);

CREATE TABLE roles (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX roles_code ON roles (code);
CREATE INDEX roles_created ON roles (created_at, id);

CREATE TABLE role_capabilities (
    role_id TEXT NOT NULL REFERENCES roles (id),
    capability TEXT NOT NULL,
    PRIMARY KEY (role_id, capability)
);
CREATE INDEX role_capabilities_capability ON role_capabilities (capability, role_id);

-- scope COMPANY: scope_unit_id is the root unit; UNIT: that unit only; SUBTREE: it and all below.
CREATE TABLE user_roles (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    role_id TEXT NOT NULL REFERENCES roles (id),
    scope TEXT NOT NULL,
    scope_unit_id TEXT NOT NULL REFERENCES units (id),
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX user_roles_grant ON user_roles (user_id, role_id, scope, scope_unit_id);
CREATE INDEX user_roles_role ON user_roles (role_id, user_id);

CREATE TABLE delegations (
    id TEXT NOT NULL PRIMARY KEY,
    delegator_id TEXT NOT NULL REFERENCES users (id),
    delegate_id TEXT NOT NULL REFERENCES users (id),
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    reason TEXT NOT NULL,
    revoked_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX delegations_delegate ON delegations (delegate_id, ends_at);
CREATE INDEX delegations_delegator ON delegations (delegator_id, ends_at);
CREATE INDEX delegations_created ON delegations (created_at, id);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    revoked_because TEXT
);
CREATE INDEX sessions_user ON sessions (user_id, revoked_at);

CREATE TABLE refresh_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    issued_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE login_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    login_key TEXT NOT NULL,
    source TEXT NOT NULL,
    attempted_at TIMESTAMP NOT NULL,
    succeeded BOOLEAN NOT NULL
);
CREATE INDEX login_attempts_login ON login_attempts (login_key, attempted_at);

-- The counter that settles guessing races: one row per login and window, raised by one statement.
CREATE TABLE login_windows (
    login_key TEXT NOT NULL PRIMARY KEY,
    window_started_at TIMESTAMP NOT NULL,
    failures INTEGER NOT NULL
);

-- Governance ---------------------------------------------------------------------------------

CREATE TABLE policy_versions (
    id TEXT NOT NULL PRIMARY KEY,
    policy_key TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    effective_from TIMESTAMP NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    approval_id TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX policy_versions_number ON policy_versions (policy_key, number);
CREATE INDEX policy_versions_effective ON policy_versions (policy_key, state, effective_from);

CREATE TABLE calendar_years (
    year INTEGER NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    loaded_by TEXT NOT NULL REFERENCES users (id),
    loaded_at TIMESTAMP NOT NULL
);

CREATE TABLE approvals (
    id TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_version BIGINT NOT NULL,
    title TEXT NOT NULL,
    rule TEXT NOT NULL,
    policy_key TEXT,
    policy_number BIGINT,
    submitter_id TEXT NOT NULL REFERENCES users (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    state TEXT NOT NULL,
    step INTEGER NOT NULL,
    ended_because TEXT,
    ended_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX approvals_subject ON approvals (subject_kind, subject_id, created_at);
CREATE INDEX approvals_submitter ON approvals (submitter_id, created_at, id);
CREATE INDEX approvals_created ON approvals (created_at, id);

-- At most one approval of a subject waits at any time: the database says so.
CREATE TABLE pending_approvals (
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    approval_id TEXT NOT NULL REFERENCES approvals (id),
    PRIMARY KEY (subject_kind, subject_id)
);

CREATE TABLE approval_seats (
    id TEXT NOT NULL PRIMARY KEY,
    approval_id TEXT NOT NULL REFERENCES approvals (id),
    step INTEGER NOT NULL,
    seat INTEGER NOT NULL,
    mode TEXT NOT NULL,
    capability TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT NOT NULL,
    opinion TEXT,
    comment TEXT,
    decided_by TEXT REFERENCES users (id),
    on_behalf_of TEXT REFERENCES users (id),
    decided_at TIMESTAMP
);
CREATE UNIQUE INDEX approval_seats_place ON approval_seats (approval_id, step, seat);
CREATE INDEX approval_seats_decider ON approval_seats (decided_by, approval_id);

CREATE TABLE approval_holders (
    seat_id TEXT NOT NULL REFERENCES approval_seats (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    approval_id TEXT NOT NULL REFERENCES approvals (id),
    waiting BOOLEAN NOT NULL,
    PRIMARY KEY (seat_id, user_id)
);
CREATE INDEX approval_holders_inbox ON approval_holders (user_id, waiting, approval_id);
CREATE INDEX approval_holders_approval ON approval_holders (approval_id, user_id);

CREATE TABLE shares (
    id TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    level TEXT NOT NULL,
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL REFERENCES users (id),
    expires_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX shares_subject_user ON shares (subject_kind, subject_id, user_id);
CREATE INDEX shares_user ON shares (user_id, subject_kind, subject_id);

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    lane INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    rule TEXT,
    source TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE UNIQUE INDEX events_lane_seq ON events (lane, seq);
CREATE INDEX events_at ON events (at, id);
CREATE INDEX events_subject ON events (subject_kind, subject_id, at, id);
CREATE INDEX events_actor ON events (actor_id, at, id);

CREATE TABLE event_heads (
    lane INTEGER NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    seal TEXT NOT NULL
);

CREATE TABLE idempotency_keys (
    actor_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    etag TEXT,
    location TEXT,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_id, idempotency_key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- Customers ----------------------------------------------------------------------------------

CREATE TABLE customers (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    credit_code TEXT,
    agent_id TEXT REFERENCES customers (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    state TEXT NOT NULL,
    condition TEXT NOT NULL,
    grade INTEGER NOT NULL,
    activity_state TEXT NOT NULL,
    source TEXT,
    division_code TEXT,
    address TEXT,
    phone TEXT,
    first_contact_on DATE,
    submitted_at TIMESTAMP,
    effective_at TIMESTAMP,
    last_contact_at TIMESTAMP,
    deleted_at TIMESTAMP,
    created_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX customers_updated ON customers (updated_at, id);
CREATE INDEX customers_created ON customers (created_at, id);
CREATE INDEX customers_folded_name ON customers (folded_name, id);
CREATE INDEX customers_owner_updated ON customers (owner_id, updated_at, id);
CREATE INDEX customers_unit_updated ON customers (unit_id, updated_at, id);
CREATE INDEX customers_agent ON customers (agent_id);

CREATE TABLE customer_profiles (
    customer_id TEXT NOT NULL PRIMARY KEY REFERENCES customers (id),
    english_short_name TEXT,
    transport_route TEXT,
    email TEXT,
    website TEXT,
    industry TEXT,
    size TEXT,
    business_scope TEXT,
    preference TEXT,
    remarks TEXT,
    entry_special_reason TEXT,
    delete_reason TEXT
);

CREATE TABLE contacts (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    salutation TEXT,
    job_title TEXT,
    office_phone TEXT,
    home_phone TEXT,
    mobile TEXT,
    email TEXT,
    is_key BOOLEAN NOT NULL,
    is_decision_maker BOOLEAN NOT NULL,
    relationship TEXT,
    influence TEXT,
    birthday_on DATE,
    remarks TEXT,
    deleted_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX contacts_customer ON contacts (customer_id, created_at, id);

-- First registered wins (CONF-01): whoever holds the row holds the customer.
CREATE TABLE registration_keys (
    line TEXT NOT NULL,
    key_kind TEXT NOT NULL,
    key_value TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    claimed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (line, key_kind, key_value)
);
CREATE INDEX registration_keys_customer ON registration_keys (customer_id);

CREATE TABLE registration_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    attempted_at TIMESTAMP NOT NULL,
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT,
    attempted_name TEXT NOT NULL,
    line TEXT NOT NULL,
    key_kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    holder_id TEXT NOT NULL REFERENCES users (id),
    source TEXT NOT NULL
);
CREATE INDEX registration_attempts_at ON registration_attempts (attempted_at, id);
CREATE INDEX registration_attempts_owner ON registration_attempts (owner_id, attempted_at, id);
CREATE INDEX registration_attempts_holder ON registration_attempts (holder_id, attempted_at, id);
CREATE INDEX registration_attempts_customer ON registration_attempts (customer_id, attempted_at, id);

-- Sales --------------------------------------------------------------------------------------

CREATE TABLE opportunities (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    customer_id TEXT REFERENCES customers (id),
    customer_name TEXT NOT NULL,
    contact_name TEXT,
    phone TEXT,
    source TEXT,
    region_code TEXT,
    description TEXT,
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    state TEXT NOT NULL,
    stage INTEGER NOT NULL,
    stage_since TIMESTAMP NOT NULL,
    expected_sign_on DATE,
    expected_amount BIGINT,
    product_line TEXT,
    needs TEXT,
    competitors TEXT,
    importance TEXT,
    submitted_at TIMESTAMP,
    registered_at TIMESTAMP,
    closed_at TIMESTAMP,
    failure_reason TEXT,
    failed_amount BIGINT,
    confirmed_by TEXT REFERENCES users (id),
    confirmed_at TIMESTAMP,
    last_activity_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX opportunities_updated ON opportunities (updated_at, id);
CREATE INDEX opportunities_created ON opportunities (created_at, id);
CREATE INDEX opportunities_owner ON opportunities (owner_id, updated_at, id);
CREATE INDEX opportunities_unit ON opportunities (unit_id, updated_at, id);
CREATE INDEX opportunities_customer ON opportunities (customer_id, state);
CREATE INDEX opportunities_state ON opportunities (state, updated_at, id);

-- The right to pursue a customer, and its split after a ruling to cooperate (CONF-04).
CREATE TABLE opportunity_parties (
    opportunity_id TEXT NOT NULL REFERENCES opportunities (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    share BIGINT NOT NULL,
    since TIMESTAMP NOT NULL,
    PRIMARY KEY (opportunity_id, user_id)
);
CREATE INDEX opportunity_parties_user ON opportunity_parties (user_id);

CREATE TABLE conflict_cases (
    id TEXT NOT NULL PRIMARY KEY,
    opportunity_id TEXT NOT NULL REFERENCES opportunities (id),
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
-- Not unique: what a ruling gave back to its owner may collide again, and that is another case.
CREATE INDEX conflict_cases_opportunity ON conflict_cases (opportunity_id, created_at, id);
CREATE INDEX conflict_cases_created ON conflict_cases (created_at, id);
CREATE INDEX conflict_cases_owner ON conflict_cases (owner_id, created_at, id);
CREATE INDEX conflict_cases_claimant ON conflict_cases (claimant_id, created_at, id);
CREATE INDEX conflict_cases_holder ON conflict_cases (holder_id, created_at, id);
CREATE INDEX conflict_cases_unit ON conflict_cases (unit_id, created_at, id);
CREATE INDEX conflict_cases_customer ON conflict_cases (customer_id, created_at, id);

CREATE TABLE activities (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    opportunity_id TEXT REFERENCES opportunities (id),
    kind TEXT NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    content TEXT NOT NULL,
    result TEXT,
    place TEXT,
    contact_id TEXT REFERENCES contacts (id),
    remind_at TIMESTAMP,
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX activities_customer ON activities (customer_id, happened_at, id);
CREATE INDEX activities_opportunity ON activities (opportunity_id, happened_at, id);
CREATE INDEX activities_owner ON activities (owner_id, happened_at, id);
CREATE INDEX activities_happened ON activities (happened_at, id);
CREATE INDEX activities_visits ON activities (customer_id, kind);

-- Commerce -----------------------------------------------------------------------------------

CREATE TABLE products (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    code_key TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    class TEXT NOT NULL,
    product_line TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    list_price BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX products_code_key ON products (code_key);
CREATE INDEX products_name ON products (name_key, id);
CREATE INDEX products_created ON products (created_at, id);
CREATE INDEX products_line ON products (product_line, name_key, id);

CREATE TABLE quotes (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    opportunity_id TEXT NOT NULL REFERENCES opportunities (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    state TEXT NOT NULL,
    list_total BIGINT NOT NULL,
    quoted_total BIGINT NOT NULL,
    tier TEXT NOT NULL,
    deepest_line INTEGER,
    valid_until DATE NOT NULL,
    remarks TEXT,
    exception_reason TEXT,
    exception_by TEXT REFERENCES users (id),
    submitted_at TIMESTAMP,
    decision_comment TEXT,
    approved_at TIMESTAMP,
    sent_at TIMESTAMP,
    answered_at TIMESTAMP,
    decline_reason TEXT,
    policy_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX quotes_updated ON quotes (updated_at, id);
CREATE INDEX quotes_created ON quotes (created_at, id);
CREATE INDEX quotes_owner ON quotes (owner_id, updated_at, id);
CREATE INDEX quotes_unit ON quotes (unit_id, updated_at, id);
CREATE INDEX quotes_opportunity ON quotes (opportunity_id, created_at, id);
CREATE INDEX quotes_customer ON quotes (customer_id, created_at, id);

CREATE TABLE quote_lines (
    id TEXT NOT NULL PRIMARY KEY,
    quote_id TEXT NOT NULL REFERENCES quotes (id),
    position INTEGER NOT NULL,
    product_id TEXT NOT NULL REFERENCES products (id),
    product_name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    list_price BIGINT NOT NULL,
    quoted_price BIGINT NOT NULL,
    list_amount BIGINT NOT NULL,
    quoted_amount BIGINT NOT NULL
);
CREATE UNIQUE INDEX quote_lines_position ON quote_lines (quote_id, position);

CREATE TABLE contracts (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,
    title TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    opportunity_id TEXT REFERENCES opportunities (id),
    quote_id TEXT REFERENCES quotes (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    security_level INTEGER NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL,
    list_amount BIGINT NOT NULL,
    product_sale BOOLEAN NOT NULL,
    standard_text BOOLEAN NOT NULL,
    route TEXT NOT NULL,
    route_reasons TEXT NOT NULL,
    discount_tier TEXT,
    remarks TEXT,
    submitted_at TIMESTAMP,
    decision_comment TEXT,
    approved_at TIMESTAMP,
    signed_on DATE,
    cancel_reason TEXT,
    policy_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX contracts_number_key ON contracts (number_key);
CREATE INDEX contracts_updated ON contracts (updated_at, id);
CREATE INDEX contracts_created ON contracts (created_at, id);
CREATE INDEX contracts_owner ON contracts (owner_id, updated_at, id);
CREATE INDEX contracts_unit ON contracts (unit_id, updated_at, id);
CREATE INDEX contracts_opportunity ON contracts (opportunity_id, state);
CREATE INDEX contracts_quote ON contracts (quote_id);
CREATE INDEX contracts_customer ON contracts (customer_id, created_at, id);

-- Platform -----------------------------------------------------------------------------------

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES users (id),
    params TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    message TEXT,
    worker TEXT,
    heartbeat_at TIMESTAMP,
    cancel_requested BOOLEAN NOT NULL,
    finished_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_state ON jobs (state, created_at);
CREATE INDEX jobs_owner ON jobs (owner_id, created_at, id);
CREATE INDEX jobs_created ON jobs (created_at, id);

CREATE TABLE job_inputs (
    job_id TEXT NOT NULL REFERENCES jobs (id),
    part INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (job_id, part)
);

CREATE TABLE job_row_errors (
    job_id TEXT NOT NULL REFERENCES jobs (id),
    row_number BIGINT NOT NULL,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    rule TEXT,
    message_zh TEXT NOT NULL,
    message_en TEXT NOT NULL,
    input TEXT NOT NULL,
    PRIMARY KEY (job_id, row_number, position)
);
