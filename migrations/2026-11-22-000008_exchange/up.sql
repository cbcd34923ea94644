-- Files that come in and go out; what an import found wrong, sealed; presets of columns.

-- The content of a file is the blob of the same id; it goes after the file does.
CREATE TABLE exchange_files (
    id TEXT NOT NULL PRIMARY KEY REFERENCES blobs (id),
    purpose TEXT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES users (id),
    file_name TEXT,
    format TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    parts INTEGER NOT NULL,
    findings TEXT NOT NULL,
    complete BOOLEAN NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX exchange_files_owner ON exchange_files (owner_id, purpose, created_at, id);
CREATE INDEX exchange_files_expiry ON exchange_files (expires_at);

CREATE TABLE import_presets (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    fields TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX import_presets_name ON import_presets (owner_id, name_key);

-- A job names its file: what it reads, or what it wrote. The file goes before the job does.
ALTER TABLE jobs ADD COLUMN file_id TEXT;
CREATE INDEX jobs_file ON jobs (file_id);
CREATE INDEX jobs_kind_owner ON jobs (kind, owner_id, created_at);
DROP TABLE job_inputs;

-- The row is kept sealed, cell by cell.
ALTER TABLE job_row_errors ADD COLUMN column_name TEXT;

-- One export at a time of one person: the limit per day cannot be raced.
CREATE UNIQUE INDEX jobs_one_export ON jobs (owner_id) WHERE kind = 'EXPORT_CUSTOMERS' AND state IN ('QUEUED', 'RUNNING');
