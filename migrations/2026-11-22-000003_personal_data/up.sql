-- Personal data at rest (SEC-02, AMB-36, decision 009). What is sealed stays in its columns, as text.

-- The data keys that values in this database may be sealed under: a server without one of them does not start.
CREATE TABLE data_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    since TIMESTAMP NOT NULL
);

-- Columns whose older, plain values have been sealed.
CREATE TABLE sealed_columns (
    column_name TEXT NOT NULL PRIMARY KEY,
    sealed_at TIMESTAMP NOT NULL
);

-- How many records somebody had revealed on a day: the bound is kept by a conditional update of this row.
CREATE TABLE reveal_counts (
    user_id TEXT NOT NULL REFERENCES users (id),
    day DATE NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (user_id, day)
);
