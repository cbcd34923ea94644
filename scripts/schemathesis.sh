#!/usr/bin/env bash
# Property-based tests of the whole API, as every role: all of schemathesis's phases and checks.
#
# Every role has its own server on a free loopback port with its own new data folder, so the runs
# disturb neither each other nor anything else, and a seed gives the same run again.
#
#   SCHEMATHESIS_BIN           the server (default: target/debug/xianlu, built by `make schemathesis`)
#   SCHEMATHESIS_ROLES         only these roles, separated by spaces (default: all that are known)
#   SCHEMATHESIS_LOGINS        logins as role=login:password, separated by spaces, instead of those
#                              that the server writes to $XIANLU_DEMO_LOGINS
#   SCHEMATHESIS_MAX_EXAMPLES  cases per operation and phase (default 3)
#   SCHEMATHESIS_SEED          (default 20260101)
#   SCHEMATHESIS_ROLE_SECONDS  a role's run that takes longer has failed (default 400)
#   SCHEMATHESIS_JOBS          roles at a time (default 2)
#
# The server is started as `BIN run` and must honour
#   XIANLU_LISTEN       address and port, 127.0.0.1:PORT
#   XIANLU_DATA_DIR     folder of its database and files, empty at the start
#   XIANLU_DEMO_LOGINS  where to write [{"role":"…","login":"…","password":"…"}, …], once there is
#                       demo data and before it answers
# and serve its document at /api-docs/openapi.json and POST /api/v1/auth/login.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${SCHEMATHESIS_BIN:-${CARGO_TARGET_DIR:-target}/debug/xianlu}
seed=${SCHEMATHESIS_SEED:-20260101}
examples=${SCHEMATHESIS_MAX_EXAMPLES:-3}
limit=${SCHEMATHESIS_ROLE_SECONDS:-400}
jobs=${SCHEMATHESIS_JOBS:-2}
venv=target/schemathesis-venv
work=$(mktemp -d)
reports=target/schemathesis
rm -rf "$reports"
mkdir -p "$reports"
export HYPOTHESIS_STORAGE_DIRECTORY=$PWD/target/hypothesis

servers=()
finish() {
  for pid in ${servers[@]+"${servers[@]}"}; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

if ! cmp -s scripts/requirements.txt "$venv/installed.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/requirements.txt
  cp scripts/requirements.txt "$venv/installed.txt"
fi
python=$venv/bin/python

# Sets `port` and `data`, starts a server, and waits for its document.
start_server() {
  port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  data=$work/$1
  mkdir -p "$data"
  XIANLU_LISTEN=127.0.0.1:$port XIANLU_DATA_DIR=$data XIANLU_DEMO_LOGINS=$data/demo-logins.json \
    "$bin" run >"$reports/server-$1.log" 2>&1 </dev/null &
  servers+=($!)
  "$python" - "$port" "$!" <<'PY' || { tail -n 40 "$reports/server-$1.log"; echo "the server for $1 did not start"; return 1; }
import os, sys, time, urllib.request
port, pid = int(sys.argv[1]), int(sys.argv[2])
for _ in range(600):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api-docs/openapi.json", timeout=5).read()
        sys.exit(0)
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            sys.exit(1)
        time.sleep(0.1)
sys.exit(1)
PY
}

# usage: session login PORT ROLE LOGINS  → the access token
#        session probe PORT TOKEN        → a path that answers this token with 2xx
#        session alive PORT TOKEN PATH   → fails if the token is refused there
cat >"$work/session.py" <<'PY'
import json, os, sys, urllib.error, urllib.request

def call(port, path, token=None, body=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(errors="replace")

def logins(path):
    if os.environ.get("SCHEMATHESIS_LOGINS"):
        pairs = [entry.split("=", 1) for entry in os.environ["SCHEMATHESIS_LOGINS"].split()]
        return {role: tuple(pair.split(":", 1)) for role, pair in pairs}
    found = {}
    for entry in json.load(open(path, encoding="utf-8")):
        found.setdefault(entry["role"], (entry["login"], entry["password"]))
    return found

command, port, *rest = sys.argv[1:]
if command == "roles":
    print(" ".join(logins(rest[0])))
elif command == "login":
    login, password = logins(rest[1])[rest[0]]
    status, answer = call(port, "/api/v1/auth/login", body={"login": login, "password": password})
    if status != 200 or "access_token" not in answer:
        sys.exit(f"POST /api/v1/auth/login as {login}: {status} {answer}")
    print(answer["access_token"])
elif command == "probe":
    document = call(port, "/api-docs/openapi.json")[1]
    for path, item in document["paths"].items():
        open_to_all = item.get("get", {}).get("security", document.get("security")) in ([], None)
        if "get" in item and "{" not in path and not open_to_all and call(port, path, rest[0])[0] < 300:
            print(path)
            break
    else:
        sys.exit("no GET operation answers this token with 2xx")
elif command == "alive":
    status = call(port, rest[1], rest[0])[0]
    if status == 401:
        sys.exit(f"the run destroyed its own session (GET {rest[1]} is now 401): "
                 "leave the operation that did so out in scripts/schemathesis.toml")
PY

run_role() {
  local role=$1 port=$2 token probe
  token=$("$python" "$work/session.py" login "$port" "$role" "$work/$role/demo-logins.json") || return 1
  probe=$("$python" "$work/session.py" probe "$port" "$token") || return 1
  timeout --kill-after=10 "$limit" \
    "$venv/bin/schemathesis" --config-file scripts/schemathesis.toml --no-color \
    run "http://127.0.0.1:$port/api-docs/openapi.json" \
    --header "Authorization: Bearer $token" \
    --phases examples,coverage,fuzzing,stateful --checks all --mode all \
    --max-examples "$examples" --seed "$seed" --generation-database none \
    --continue-on-failure --request-timeout 10 \
    --report junit --report-junit-path "$reports/$role.xml" || {
    local rc=$?
    if [ "$rc" = 124 ] || [ "$rc" = 137 ]; then echo "not finished after $limit s"; fi
    return 1
  }
  "$python" "$work/session.py" alive "$port" "$token" "$probe"
}

begun=$SECONDS
start_server roles
roles=${SCHEMATHESIS_ROLES:-$("$python" "$work/session.py" roles "$port" "$data/demo-logins.json")}
kill "${servers[0]}" 2>/dev/null || true
[ -n "$roles" ] || { echo "no role to run as"; exit 1; }

passed=0
failed=0
batch=()
settle() {
  for entry in ${batch[@]+"${batch[@]}"}; do
    local pid=${entry%%:*} role=${entry#*:}
    if wait "$pid"; then
      passed=$((passed + 1))
      echo "--- $role: no failure"
      grep -E '^(  (Selected|Tested):|  [0-9]+ generated)' "$reports/$role.log" || true
    else
      failed=$((failed + 1))
      echo "--- $role: FAILED"
      head -c 60000 "$reports/$role.log"
      echo
    fi
  done
  batch=()
}
for role in $roles; do
  echo "schemathesis as $role (seed $seed, $examples examples per operation and phase)"
  start_server "$role"
  run_role "$role" "$port" >"$reports/$role.log" 2>&1 </dev/null &
  batch+=("$!:$role")
  if [ "${#batch[@]}" -ge "$jobs" ]; then settle; fi
done
settle

echo "schemathesis took $((SECONDS - begun)) s; reports in $reports"
echo "schemathesis: $passed passed, $failed failed"
[ "$failed" = 0 ]
