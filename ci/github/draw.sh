#!/bin/sh
# Step of action.yml: draws the designs with their findings, where no review draws them with what changed.
# in:  LINTEL_PATHS, LINTEL_DIAGRAMS (formats, separated by spaces), LINTEL_RESULTS
# out: the folder diagrams/; where a diagram cannot be drawn, a warning: the verdict is that of the check
set -eu
. "$(dirname "$0")/arguments.sh"
check_formats
set -- lintel render --findings --quiet
for format in $LINTEL_DIAGRAMS; do
	set -- "$@" --output "$results/diagrams/{system}.$format"
done
mkdir -p "$results/diagrams"
guarded with_paths "$@" || echo "::warning title=lintel::The diagrams could not be drawn; the log tells why."
