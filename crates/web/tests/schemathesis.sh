#!/bin/sh
# Checks the API from outside: starts the real program on a throw-away folder, validates its OpenAPI document, and
# lets schemathesis (https://schemathesis.readthedocs.io) try every operation with all its checks.
#
#   crates/web/tests/schemathesis.sh                    everything; takes half an hour on two cores
#   crates/web/tests/schemathesis.sh -n 5 --phases examples,fuzzing --include-path-regex '^/deals'
#
# KITH names a built program, KITH_VENV a folder for the Python packages, which are installed when they are missing.
set -eu
cd "$(dirname "$0")/../../.."

if [ -z "${KITH:-}" ]; then
    cargo build --quiet -p kith
    KITH="${CARGO_TARGET_DIR:-target}/debug/kith"
fi
venv="${KITH_VENV:-${TMPDIR:-/tmp}/kith-schemathesis}"
if [ ! -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'schemathesis==4.32.5' 'openapi-spec-validator==0.9.0'
fi

work="$(mktemp -d)"
server=""
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$work"' EXIT
port="$("$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
"$KITH" demo --data "$work/data" --size small --listen "127.0.0.1:$port" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 300); do
    curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && break
    kill -0 "$server" || { cat "$work/log"; exit 1; }
    sleep 0.2
done
token="$("$KITH" token create --data "$work/data" --name schemathesis --role administrator)"
curl -fsS -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1/openapi.json" >"$work/openapi.json"
"$venv/bin/openapi-spec-validator" "$work/openapi.json"
[ $# -gt 0 ] || set -- -n 30
cd "$work"
"$venv/bin/schemathesis" run "http://127.0.0.1:$port/api/v1/openapi.json" --checks all \
    -H "Authorization: Bearer $token" "$@"
