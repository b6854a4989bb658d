#!/bin/sh
# Compares build/sum with what is known to be right.
set -eu
cd "${0%/*}"
failed=0
check() {
  got=$(printf '%s\n' "$1" | build/sum)
  if [ "$got" = "$2" ]; then
    echo "ok   $1"
  else
    echo "FAIL $1: expected $2, got $got"
    failed=1
  fi
}
check "a" "97"
check "ab" "195"
check "sallyport" "1002"
exit "$failed"
