# Sourced by bin/terrace and bin/test: makes .venv from the hashed requirements in $1, once for each change of that file.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv="$root/.venv"

bootstrap() {
  local wanted="$root/requirements/$1.txt" stamp="$venv/installed-$1" python=""
  for candidate in "${TERRACE_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 14)))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  if [ -z "$python" ]; then
    echo "Terrace needs Python 3.11, 3.12 or 3.13. On Debian: apt-get install python3 python3-venv" >&2
    return 1
  fi
  if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv" || { rm -rf "$venv"; echo "Could not make .venv. On Debian: apt-get install python3-venv" >&2; return 1; }
  fi
  if ! cmp -s "$wanted" "$stamp"; then
    echo "Installing dependencies into .venv ..." >&2
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r "$wanted" >&2
    cp "$wanted" "$stamp"
  fi
  export PYTHONPATH="$root/src${PYTHONPATH:+:$PYTHONPATH}"
}
