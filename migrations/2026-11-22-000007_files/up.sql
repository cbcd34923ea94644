-- Documents, what belongs to customers and products beside their fields, suppliers, competitors.

-- Documents (CUS-15, CUS-42, CUS-44, CUS-55) ---------------------------------------------------

-- Content in sealed parts, so that nobody holds a whole file in memory. Not kept: an upload that is under way or broke off.
CREATE TABLE blobs (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    kept BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX blobs_kept ON blobs (kept, created_at);

CREATE TABLE blob_parts (
    blob_id TEXT NOT NULL REFERENCES blobs (id),
    part INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (blob_id, part)
);

CREATE TABLE documents (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT,
    url TEXT,
    given_on DATE,
    latest INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    deleted_at TIMESTAMP,
    delete_reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE document_versions (
    document_id TEXT NOT NULL REFERENCES documents (id),
    number INTEGER NOT NULL,
    blob_id TEXT NOT NULL REFERENCES blobs (id),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (document_id, number)
);
CREATE UNIQUE INDEX document_versions_blob ON document_versions (blob_id);

-- introduction_of is the customer's id for its one overall introduction (CUS-55), else NULL.
CREATE TABLE document_links (
    document_id TEXT NOT NULL REFERENCES documents (id),
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    introduction_of TEXT REFERENCES customers (id),
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (document_id, subject_kind, subject_id)
);
CREATE INDEX document_links_subject ON document_links (subject_kind, subject_id, document_id);
CREATE UNIQUE INDEX document_links_introduction ON document_links (introduction_of);

-- Products (CUS-45, CUS-49) ----------------------------------------------------------------------

CREATE TABLE customer_products (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    product_id TEXT NOT NULL REFERENCES products (id),
    relation TEXT NOT NULL,
    note TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX customer_products_pair ON customer_products (customer_id, product_id);
CREATE INDEX customer_products_product ON customer_products (product_id, relation, customer_id);

CREATE TABLE product_placements (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    medium TEXT,
    description TEXT,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX product_placements_name ON product_placements (product_id, name_key);

-- Suppliers (CUS-01) and competitors (CUS-50): the claims are NULL once deleted, so the keys are free --

CREATE TABLE suppliers (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    name_claim TEXT,
    credit_code TEXT,
    code_claim TEXT,
    scope TEXT,
    contact_name TEXT,
    phone TEXT,
    email TEXT,
    address TEXT,
    website TEXT,
    remarks TEXT,
    rating INTEGER NOT NULL,
    rating_reason TEXT,
    rated_by TEXT REFERENCES users (id),
    rated_at TIMESTAMP,
    created_by TEXT NOT NULL REFERENCES users (id),
    deleted_at TIMESTAMP,
    delete_reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX suppliers_name_claim ON suppliers (name_claim);
CREATE UNIQUE INDEX suppliers_code_claim ON suppliers (code_claim);
CREATE INDEX suppliers_name ON suppliers (folded_name, id);
CREATE INDEX suppliers_rating ON suppliers (rating, id);
CREATE INDEX suppliers_updated ON suppliers (updated_at, id);

CREATE TABLE competitors (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    name_claim TEXT,
    website TEXT,
    products TEXT,
    strengths TEXT,
    weaknesses TEXT,
    pricing TEXT,
    strategy TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    deleted_at TIMESTAMP,
    delete_reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX competitors_name_claim ON competitors (name_claim);
CREATE INDEX competitors_name ON competitors (folded_name, id);
CREATE INDEX competitors_updated ON competitors (updated_at, id);

CREATE TABLE opportunity_competitors (
    id TEXT NOT NULL PRIMARY KEY,
    opportunity_id TEXT NOT NULL REFERENCES opportunities (id),
    competitor_id TEXT NOT NULL REFERENCES competitors (id),
    outcome TEXT NOT NULL,
    note TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX opportunity_competitors_pair ON opportunity_competitors (opportunity_id, competitor_id);
CREATE INDEX opportunity_competitors_competitor ON opportunity_competitors (competitor_id, outcome, opportunity_id);

-- Feedback (CUS-52) ------------------------------------------------------------------------------

CREATE TABLE feedback (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    contact_id TEXT REFERENCES contacts (id),
    received_on DATE NOT NULL,
    channel TEXT NOT NULL,
    satisfaction INTEGER,
    loyalty INTEGER,
    content TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX feedback_customer ON feedback (customer_id, received_on, id);

-- Contacts (CUS-37, CUS-39) ----------------------------------------------------------------------

-- due_on is 9999-12-31 where nothing is due.
CREATE TABLE contact_plans (
    id TEXT NOT NULL PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    stage INTEGER NOT NULL,
    strategy TEXT,
    care TEXT,
    due_on DATE NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX contact_plans_stage ON contact_plans (contact_id, stage);
CREATE INDEX contact_plans_due ON contact_plans (due_on, id);

-- Month and day of birthday_on as 100 × month + day: the order of birthdays.
ALTER TABLE contacts ADD COLUMN birthday_key INTEGER;
UPDATE contacts
SET birthday_key = CAST(SUBSTR(CAST(birthday_on AS TEXT), 6, 2) AS INTEGER) * 100
    + CAST(SUBSTR(CAST(birthday_on AS TEXT), 9, 2) AS INTEGER)
WHERE birthday_on IS NOT NULL;
CREATE INDEX contacts_birthday ON contacts (birthday_key, id);
