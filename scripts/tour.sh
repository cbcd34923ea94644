#!/bin/sh
# Runs the tour of the README, its very lines, against a server with the demo company, and fails on the first status
# that the README does not promise.
#
#   BASE  the server (default http://127.0.0.1:8080); with TOUR_BIN set, that binary is started on a free port instead
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ -n "${TOUR_BIN:-}" ]; then
  : >"$work/server.log"
  # Port 0: the server says which one it got.
  XIANLU_LISTEN=127.0.0.1:0 XIANLU_DATA_DIR=$work/data "$TOUR_BIN" run >"$work/server.log" 2>&1 </dev/null &
  server=$!
  BASE=
  waited=0
  while [ -z "$BASE" ]; do
    BASE=$(sed -n 's/^Xianlu listens on \(http:[^ ]*\).*/\1/p' "$work/server.log")
    kill -0 "$server" 2>/dev/null || { cat "$work/server.log"; echo "the server did not start"; exit 1; }
    waited=$((waited + 1))
    [ "$waited" -lt 600 ] || { cat "$work/server.log"; echo "the server did not start in time"; exit 1; }
    [ -n "$BASE" ] || sleep 0.2
  done
  export BASE
  until curl -sS -o "$work/ready" "$BASE/health/ready"; do sleep 0.2; done
fi

# A failed call ends the tour; the helpers' own directory goes with it.
{
  echo 'set -eu'
  sed -n '/^```sh$/,/^```$/p' README.md | grep -v '^```'
  echo 'rm -rf "$DIR"'
} >"$work/tour.sh"
calls=$(grep -cE '^(call|decide|quote|contract) [0-9T]' "$work/tour.sh")
[ "$calls" -gt 30 ] || { echo "only $calls calls found in the README"; exit 1; }

if sh "$work/tour.sh" >"$work/tour.log" 2>&1; then
  echo "tour: $calls steps, every one answered as the README says"
else
  tail -n 12 "$work/tour.log"
  echo "tour: FAILED after the lines above"
  exit 1
fi
