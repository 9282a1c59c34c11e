#!/bin/sh
# Make sure the programs the tests drive are there: Chromium, the PostgreSQL server, Java 17.
# Installs the Debian packages when it may; otherwise says which are missing and stops.
set -eu

has_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

has_postgres() {
    command -v initdb || ls /usr/lib/postgresql/*/bin/initdb
}

has_java() {
    command -v java && java -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])'
}

missing=
has_chromium >/dev/null 2>&1 || missing="$missing chromium"
has_postgres >/dev/null 2>&1 || missing="$missing postgresql"
has_java >/dev/null 2>&1 || missing="$missing openjdk-17-jre-headless"
[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" -ne 0 ]; then
    root="sudo -n"
    $root true 2>/dev/null || root=none
fi
if [ "$root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests need these Debian packages (or the like on your system):$missing." >&2
    echo "Install them, or use an account that may run apt-get, and try again." >&2
    exit 1
fi

echo "Installing for the tests:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 - both are lists of words
{
    $root apt-get update -qq
    $root apt-get install -y -qq --no-install-recommends $missing
} </dev/null >&2
