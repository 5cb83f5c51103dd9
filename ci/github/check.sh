#!/bin/sh
# Step of action.yml: checks the designs as they are.
# in:  LINTEL_PATHS (one a line), LINTEL_FAIL_ON, LINTEL_BASELINE, LINTEL_BASE (set where a review follows), RUNNER_TEMP
# out: the files check.md and lintel.sarif, the outputs "code", "sarif" and "results", the summary of the run
set -eu
. "$(dirname "$0")/arguments.sh"

# Where a review follows, it is what decides and what marks lines: by what is new. The check then only tells.
format=github
fail_on=${LINTEL_FAIL_ON:-error}
if [ -n "${LINTEL_BASE:-}" ]; then
	format=text
	fail_on=${LINTEL_FAIL_ON:-never}
fi
set -- lintel check --color never --format "$format" --format "sarif=$results/lintel.sarif" --format "markdown=$results/check.md" --fail-on "$fail_on"
if [ -n "${LINTEL_BASELINE:-}" ]; then
	set -- "$@" --baseline "$LINTEL_BASELINE"
fi
code=0
with_paths "$@" || code=$?
output code "$code"
output results "$results"
if [ -f "$results/lintel.sarif" ]; then
	output sarif "$results/lintel.sarif"
fi
# On a pull request the review is the summary.
if [ -z "${LINTEL_BASE:-}" ]; then
	notes "$results/check.md"
fi
