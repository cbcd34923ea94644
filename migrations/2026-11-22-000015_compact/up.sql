-- On SQLite ids are kept as their sixteen bytes and instants as microseconds, which src/db/compact.rs sees to before the
-- migrations run: this one only says that it has (docs/decisions/018).
SELECT 1;
