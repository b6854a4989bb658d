#!/bin/sh
# The program for machines without a C compiler: the sum of a line's octets, for each line.
while IFS= read -r line; do
  sum=0
  for octet in $(printf '%s' "$line" | od -An -v -tu1); do
    sum=$((sum + octet))
  done
  echo "$sum"
done
