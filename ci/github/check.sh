#!/bin/sh
# Step of action.yml: checks the designs as they are.
# in:  LINTEL_PATHS (one a line), LINTEL_FAIL_ON, LINTEL_BASELINE, LINTEL_BASE (set where a review follows), RUNNER_TEMP
# out: a folder with check.md and lintel.sarif, the outputs "code", "sarif" and "results" (that folder), the summary of the run
set -eu
. "$(dirname "$0")/arguments.sh"
results=$(mktemp -d "$RUNNER_TEMP/lintel-results.XXXXXX")
output results "$results"

annotations=$(mktemp "$RUNNER_TEMP/lintel-annotations.XXXXXX")
trap 'rm -f "$annotations"' EXIT
set -- lintel check --color never --format "sarif=$results/lintel.sarif" --format "markdown=$results/check.md"
# Where a review follows, it is what decides and what marks lines: by what is new. The check then only tells.
if [ -n "${LINTEL_BASE:-}" ]; then
	set -- "$@" --format text --fail-on "${LINTEL_FAIL_ON:-never}"
else
	set -- "$@" --format "github=$annotations" --fail-on "${LINTEL_FAIL_ON:-error}"
fi
if [ -n "${LINTEL_BASELINE:-}" ]; then
	set -- "$@" --baseline "$LINTEL_BASELINE"
fi
code=0
guarded with_paths "$@" || code=$?
cat "$annotations"
output code "$code"
if [ -f "$results/lintel.sarif" ]; then
	output sarif "$results/lintel.sarif"
fi
# On a pull request the review is the summary.
if [ -z "${LINTEL_BASE:-}" ]; then
	notes "$results/check.md"
fi
