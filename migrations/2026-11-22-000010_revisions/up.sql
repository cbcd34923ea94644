-- What every request needs and seldom changes is kept by each server under a revision, and read again when that has moved
-- on. Triggers (src/db/extras.rs) draw a new one with every change, whoever makes it.
CREATE TABLE revisions (
    topic TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO revisions (topic, revision) VALUES ('calendar', 0), ('policies', 0), ('rights', 0);
