# Shared by script/*: POSIX sh, sourced after `cd` to the checkout. Needs only python3 and coreutils.

VENV=${VENV:-.venv}
PYTHON_RANGE="(3, 11) <= sys.version_info[:2] <= (3, 13)"

say() { printf '==> %s\n' "$*"; }

# die MESSAGE HINT: every failure names what to do next.
die() {
    printf '\nERROR: %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf 'HINT:  %s\n' "$2" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

can_apt() { is_root && command -v apt-get >/dev/null 2>&1; }

# apt_install PACKAGE…: quiet unless it fails.
apt_install() {
    say "Installing $* with apt-get"
    log=$(mktemp)
    if { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"; } >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
}

checksum() {
    if command -v sha256sum >/dev/null 2>&1; then
        cat "$@" | sha256sum | cut -d' ' -f1
    else
        cat "$@" | shasum -a 256 | cut -d' ' -f1
    fi
}

# The newest supported interpreter; $PYTHON overrides the search.
find_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if "$candidate" -c "import sys; raise SystemExit(not $PYTHON_RANGE)" >/dev/null 2>&1; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    hint="apt-get install python$version-venv   (as root), then run this again"
    can_apt || die "$1 cannot make virtual environments: the venv module is not installed." "$hint"
    apt_install "python$version-venv" ca-certificates || apt_install python3-venv ca-certificates ||
        die "The venv module could not be installed." "$hint"
}

ensure_venv() {
    if "$VENV/bin/python" -c "import sys; raise SystemExit(not $PYTHON_RANGE)" >/dev/null 2>&1; then
        return 0
    fi
    python=$(find_python) ||
        die "Python 3.11, 3.12 or 3.13 is needed and none was found." "apt-get install python3 python3-venv"
    ensure_venv_module "$python"
    say "Making a virtual environment with $("$python" --version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV" || die "$VENV could not be made." "Is the disk full or the directory read-only?"
}

# install_requirements FILE…: one pip run, skipped while the files equal the stamp.
install_requirements() {
    stamp="$VENV/.installed-$(basename "$1" .txt)"
    wanted=$(checksum "$@")
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    say "Installing pinned packages from $* (about a minute the first time)"
    arguments=
    for file in "$@"; do arguments="$arguments -r $file"; done
    # shellcheck disable=SC2086  a list of file names without spaces
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes $arguments ||
        die "The packages could not be installed." \
            "Check the network (or PIP_INDEX_URL of your mirror) and run this again; what was fetched is kept."
    echo "$wanted" >"$stamp"
}

# One set-up at a time: script/server and script/test may be started together.
in_turn() (
    mkdir -p var && chmod 700 var
    if command -v flock >/dev/null 2>&1; then
        exec 9>var/setup.lock
        flock -n 9 || { say "Waiting for another set-up to finish"; flock 9; }
    fi
    "$@"
)

setup_runtime() {
    ensure_venv
    install_requirements requirements.txt
}

setup_development() {
    setup_runtime
    install_requirements requirements-dev.txt requirements.txt
}

random_key() { "$VENV/bin/python" -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'; }

# Secrets of this installation; written once, never overwritten.
write_env() {
    [ -e .env ] && return 0
    say "Writing new secrets to .env"
    (
        umask 077
        cat >.env.new <<END
# Written by script/server. Keep a copy apart from the database backup: without SEALING_KEYS
# nobody can read the identities of reporters again.
SECRET_KEY=$(random_key)
SEALING_KEYS=$(random_key)
END
        mv .env.new .env
    )
}
