#!/bin/sh
# Drives a fresh portal with a client that is not ours, and ends with "N passed, N failed".
#
#   test/foreign/run.sh js|python [PATTERN]
#
# PATTERN picks tests (js: of files, python: of test ids). RHUMB_BIN names a binary to use
# instead of building one; RHUMB_REQUIRE, a list that holds the suite's name, makes every
# skipped test a failure; RHUMB_PYTHON names a Python 3.11. What the clients need is
# installed by name, pinned, into folders that git ignores.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=$here/.cache

fail() {
	echo "foreign: $*" >&2
	exit 1
}

need() {
	command -v "$1" >/dev/null 2>&1 || fail "$1 is missing (Debian package $2)"
}

# same FILE STAMP: whether what STAMP remembers is FILE.
same() {
	[ -f "$2" ] && cmp -s "$1" "$2"
}

setup_js() {
	need node nodejs
	need npm npm
	node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' ||
		fail "node $(node --version) is too old: 18 or newer is needed (Debian package nodejs)"
	if ! same "$here/js/package-lock.json" "$here/js/node_modules/.installed"; then
		(cd "$here/js" && npm ci --no-audit --no-fund)
		cp "$here/js/package-lock.json" "$here/js/node_modules/.installed"
	fi
	echo "node $(node --version | tr -d v)"
	for name in request portal; do
		node -p "const p = require('$here/js/node_modules/@esri/arcgis-rest-$name/package.json'); p.name + ' ' + p.version"
	done
}

find_python() {
	for python in ${RHUMB_PYTHON:-python3.11 python3}; do
		if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
			echo "$python"
			return
		fi
	done
	return 1
}

setup_python() {
	base=$(find_python) || fail "Python 3.11 is missing (Debian 12 packages python3 python3-venv; or name one in RHUMB_PYTHON)"
	venv=$cache/python
	python=$venv/bin/python
	if ! "$python" -c '' 2>/dev/null || ! same "$here/python/requirements.lock" "$venv/.installed"; then
		"$base" -c 'import ensurepip, venv' 2>/dev/null || fail "the module venv is missing (Debian package python3-venv)"
		echo "installing the Python client (about 640 MB, once)"
		"$base" -m venv --clear "$venv"
		"$python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$here/python/requirements.lock"
		"$python" -m pip check
		cp "$here/python/requirements.lock" "$venv/.installed"
	fi
}

free_port_js() {
	node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

free_port_python() {
	"$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

ready_js() {
	node "$here/js/lib/ready.mjs" "$1" 2
}

ready_python() {
	SSL_CERT_FILE=$work/data/tls/ca.pem "$python" "$here/python/ready.py" "$1" 2
}

# healthy URL: whether the server comes up within half a minute, and not dead before.
healthy() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		"ready_$suite" "$1" 2>"$work/ready" && return
		kill -0 "$server" 2>/dev/null || return
	done
	return 1
}

tests_js() (
	cd "$here/js"
	# Without a file node would look for tests itself.
	files=$(ls ./*.test.mjs | grep -- "$pattern") || fail "no file matches $pattern"
	NODE_NO_WARNINGS=1 RHUMB_URL=$1 node --test --test-reporter=./lib/reporter.mjs $files
)

tests_python() (
	cd "$here/python"
	# The client keeps profiles and downloads under HOME and TMPDIR.
	mkdir -p "$work/home" "$work/tmp"
	HOME=$work/home TMPDIR=$work/tmp SSL_CERT_FILE=$work/data/tls/ca.pem PYTHONDONTWRITEBYTECODE=1 RHUMB_URL=$1 RHUMB_BINARY=$binary \
		"$python" run.py ${pattern:+"$pattern"}
)

stop() {
	status=$?
	trap - EXIT
	if [ -n "${server:-}" ] && kill "$server" 2>/dev/null; then
		wait "$server" || {
			echo "foreign: the server, asked to stop, ended with status $?" >&2
			status=1
		}
	fi
	rm -rf "$work"
	exit "$status"
}

suite=${1:-}
pattern=${2:-}
case $suite in
js) scheme=http tls= ;;
python) scheme=https tls="--tls self" ;;
*) fail "usage: $0 js|python [PATTERN]" ;;
esac

mkdir -p "$cache"
"setup_$suite"

binary=${RHUMB_BIN:-}
if [ -z "$binary" ]; then
	need go golang
	binary=$cache/rhumb
	(cd "$root" && CGO_ENABLED=0 go build -o "$binary" ./cmd/rhumb)
fi

work=$(mktemp -d)
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

RHUMB_USER=referee
RHUMB_PASSWORD=Aa1-$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')
export RHUMB_USER RHUMB_PASSWORD
port=$("free_port_$suite")
RHUMB_ADMIN_USER=$RHUMB_USER RHUMB_ADMIN_PASSWORD=$RHUMB_PASSWORD \
	"$binary" serve --data "$work/data" --listen "127.0.0.1:$port" --licenses "$here/licenses.json" $tls >"$work/server.log" 2>&1 &
server=$!

if ! healthy "$scheme://127.0.0.1:$port/healthz"; then
	cat "$work/ready" >&2
	tail -n 40 "$work/server.log" >&2
	fail "the server did not become healthy"
fi

{
	result=0
	"tests_$suite" "$scheme://127.0.0.1:$port/portal" 2>&1 || result=$?
	echo "$result" >"$work/status"
} | tee "$work/result"
result=$(cat "$work/status")
if ! kill -0 "$server" 2>/dev/null; then
	tail -n 40 "$work/server.log" >&2
	fail "the server died during the tests"
fi

# The suites end with "N passed, N failed, N skipped".
counts=$(tail -n 1 "$work/result" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p')
[ -n "$counts" ] || fail "the suite did not come to its end"
set -- $counts
passed=$1 failed=$2 skipped=$3
if [ "$skipped" -gt 0 ]; then
	case " $(echo "${RHUMB_REQUIRE:-}" | tr ',' ' ') " in
	*" $suite "*)
		echo "foreign: $skipped skipped, but RHUMB_REQUIRE names $suite"
		failed=$((failed + skipped))
		;;
	esac
fi
[ "$passed" -gt 0 ] || [ "$failed" -gt 0 ] || fail "no test ran"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$result" -eq 0 ]
