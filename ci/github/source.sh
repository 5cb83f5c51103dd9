#!/bin/sh
# Step of action.yml: tells the source that lintel is built from, as one hash.
# in:  GITHUB_ACTION_PATH
# out: the output "hash"
set -eu
cd "$GITHUB_ACTION_PATH"
# What the programs are built from, and nothing of tests and documents.
files=$(find go.mod go.sum analyzer cmd internal rules schema -type f ! -path '*/testdata/*' ! -name '*_test.go' | LC_ALL=C sort)
hash=$(printf '%s\n' "$files" | git hash-object --no-filters --stdin-paths | git hash-object --stdin)
names=$(printf '%s\n' "$files" | git hash-object --stdin)
echo "hash=$hash-$names" >>"$GITHUB_OUTPUT"
