#!/bin/sh
# A small, believable build: checkout, a dependency, compile, test. It does nothing wrong itself;
# its dependency does. Runs in the lab, see README.md.
set -eu
. "${0%/*}/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A home of its own, with credentials that are made up: the dependency shall find something.
HOME=$work/home
export HOME
make_home

step "Checkout"
fetch_source "$work/app"
cd "$work/app"
say "acme/app at $(git rev-parse --short HEAD)"

step "Dependencies"
fetch_package fast-checksum deps/fast-checksum
run_install_script deps/fast-checksum

step "Build"
./make.sh | indent

step "Test"
./test.sh | indent

step "Done: the build is green, and looks as it always did."
