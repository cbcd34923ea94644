-- A search inside names. What is there already is entered by `xianlu rebuild-matching`.

-- PostgreSQL: the pieces of a record's names, in the row of the first; their index is made by src/db/pieces.rs.
ALTER TABLE match_names ADD COLUMN pieces TEXT;

-- SQLite: the pieces of the latest names, until there are enough of them to be moved to the full-text index at once.
CREATE TABLE match_pieces (
    name_number BIGINT NOT NULL PRIMARY KEY,
    pieces TEXT NOT NULL
);
