#!/usr/bin/env bash
# The races in full: R1 with 50 clients and 200 names, R11, merges, appeals. On SQLite, then on PostgreSQL with two servers
# on one database, if initdb is found. Takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

run() {
    XIANLU_TEST_BACKEND="$1" cargo test --test it races -- --include-ignored
    XIANLU_TEST_BACKEND="$1" cargo test --test it at_once -- --include-ignored
}

run sqlite
if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    run postgres
else
    echo "PostgreSQL is not installed: its races were not run" >&2
fi
