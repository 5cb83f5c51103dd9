#!/bin/sh
# Step of action.yml: draws the designs with their findings, where no review draws them with what changed.
# in:  LINTEL_PATHS, LINTEL_DIAGRAMS (formats, separated by spaces), RUNNER_TEMP
# out: the folder diagrams/
set -eu
. "$(dirname "$0")/arguments.sh"
set -- lintel render --findings --quiet
for format in $LINTEL_DIAGRAMS; do
	set -- "$@" --output "$results/diagrams/{system}.$format"
done
mkdir -p "$results/diagrams"
with_paths "$@"
