#!/usr/bin/env bash
# Prepare this machine and the .venv at the root; quick and silent when nothing is missing.
#
#   scripts/setup.sh                    what the app and the server need
#   scripts/setup.sh --for-tests        and the programs that the tests start: PostgreSQL, Chromium, snmpd
#
# PYTHON names the interpreter to use; without it the newest of the usual names is taken.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv
readonly stamp=$venv/.setup-stamp
readonly oldest=11 # the minor version of Python 3 that pyproject.toml asks for

say() { printf 'setup: %s\n' "$*"; }
stop() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# --- Debian packages -------------------------------------------------------------------------

on_debian() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# Since 2024 Debian and Ubuntu carry some libraries under a name that ends in t64.
is_installed() {
  local name
  for name in "$1" "$1t64"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed \
      && return 0
  done
  return 1
}

# As root directly; through sudo otherwise, which may ask for a password only when a person is there.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && [ -t 2 ] && [ "${CI:-}" != true ]; then
    sudo "$@"
  elif command -v sudo >/dev/null; then
    sudo --non-interactive "$@"
  else
    return 1
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >/dev/null
}

apt_install() {
  say "installing Debian packages with apt-get: $*"
  apt_get update && apt_get install -y --no-install-recommends "$@"
}

# Install what is missing of the named packages; where that is not allowed, say what to type.
# A person may go on without them (the tests that need PostgreSQL say so); CI may not.
ensure_packages() {
  on_debian || return 0
  local name missing=()
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  apt_install "${missing[@]}" && return 0
  [ "${CI:-}" != true ] || stop "could not install ${missing[*]}"
  say "going on without; to install them: sudo apt-get install ${missing[*]}"
}

# --- Python ----------------------------------------------------------------------------------

is_new_enough() {
  command -v "$1" >/dev/null && "$1" -c "import sys; sys.exit(sys.version_info < (3, $oldest))"
}

find_python() {
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if is_new_enough "$name"; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

# Older Debian and Ubuntu releases carry a newer Python beside their own.
install_python() {
  local name
  on_debian || return 1
  apt_get update || return 1
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    apt-cache show "$name-venv" >/dev/null 2>&1 || continue
    apt_install "$name" "$name-venv" && is_new_enough "$name" && return 0
  done
  return 1
}

explain_python() {
  stop "Python 3.$oldest or newer is needed, and none was found.
  Debian 12 or newer, Ubuntu 24.04 or newer:  sudo apt-get install python3 python3-venv
  Ubuntu 22.04:                               sudo apt-get install python3.11 python3.11-venv
  macOS with Homebrew:                        brew install python@3.13
  elsewhere: install it from your system's packages or from python.org.
Then run this again, with PYTHON=/path/to/python3 if it is not on the PATH."
}

can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

explain_other_system() {
  on_debian && return 0
  say "this is not a Debian or Ubuntu system, so no system package is installed.
  The scanner reads codes faster with the zbar library (macOS: brew install zbar; Fedora: dnf install zbar).
  The PostgreSQL tests need its server programs (macOS: brew install postgresql; Fedora: dnf install postgresql-server).
  The journeys need Chromium or Chrome; CHROMIUM names it if it is not on the PATH."
}

# --- the .venv -------------------------------------------------------------------------------

# What the installed state depends on: the declared requirements, the pins, and the interpreter.
fingerprint() {
  cat pyproject.toml constraints.txt
  "$venv/bin/python" -VV
}

is_current() {
  [ -x "$venv/bin/python" ] && [ -x "$venv/bin/field-app" ] && [ -f "$stamp" ] \
    && fingerprint | cmp -s - "$stamp"
}

make_venv() {
  local python
  [ -z "${PYTHON:-}" ] || find_python >/dev/null || stop "PYTHON=$PYTHON is not Python 3.$oldest or newer"
  python=$(find_python) || { install_python && python=$(find_python); } || explain_python
  if ! can_make_venv "$python"; then
    on_debian || stop "$python cannot make virtual environments: install its venv module"
    local minor
    minor=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    apt_install "$minor" || apt_install python3-venv || true
    can_make_venv "$python" || stop "$python cannot make virtual environments: sudo apt-get install $minor"
  fi
  say "making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
}

install_packages() {
  say "installing Python packages into $venv (a few minutes the first time)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt --editable '.[app,server,dev]' </dev/null
  fingerprint >"$stamp"
}

main() {
  # libzbar0 is the scanner's first decoder; OpenCV's wheel expects the next two from the system;
  # WeasyPrint draws the invoices with Pango and subsets their font with HarfBuzz.
  local packages=(libzbar0 libgl1 libglib2.0-0 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
  # The store tests start PostgreSQL themselves, in a temporary folder; only its programs are needed.
  # The journeys drive Chromium. Diagnostics are tried on a real SNMP agent, and over links made of
  # network namespaces.
  [ "${1:-}" != --for-tests ] || packages+=(postgresql chromium snmpd iproute2 iputils-ping)
  ensure_packages "${packages[@]}"
  if is_current; then
    return 0
  fi
  explain_other_system
  is_new_enough "$venv/bin/python" || make_venv
  install_packages
  say "ready: $("$venv/bin/python" --version), $venv"
}

main "$@"
