-- A share has a version, so that whoever changes or ends it can say which one was read (DUP-12).
ALTER TABLE shares ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
