#!/bin/sh
# Step of action.yml: compares the designs with those of the base of the pull request.
# in:  LINTEL_BASE (a commit), LINTEL_EVENT_BASE (the one that the event tells), LINTEL_PATHS, LINTEL_REVIEW_FAIL_ON, LINTEL_BASELINE,
#      LINTEL_TAG, LINTEL_DIAGRAMS, LINTEL_RESULTS, RUNNER_TEMP
# out: the files review.md, review.json and diagrams/, the output "code", the summary of the run
set -eu
. "$(dirname "$0")/arguments.sh"
check_formats

base=$LINTEL_BASE
case $base in
-* | *[!0-9A-Za-z._/@^~-]*) fail "the base \"$base\" is no name of a commit" ;;
esac

# actions/checkout gets one commit only. Get as much of the history as the merge base needs, and no more.
related() { git merge-base "$base" HEAD >/dev/null 2>&1; }
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
	head=$(git rev-parse HEAD)
	for deepen in 1 50 500 5000; do
		if related; then
			break
		fi
		guarded git fetch --quiet --no-tags --no-recurse-submodules "--deepen=$deepen" origin "$base" "$head" || break
	done
	if ! related; then
		guarded git fetch --quiet --no-tags --no-recurse-submodules --unshallow origin || echo "::warning title=lintel::The history could not be fetched; give actions/checkout \"fetch-depth: 0\"."
	fi
fi
# What GitHub checks out for a pull request is its merge into the base. The base of that merge may be newer than the one
# that the event tells, and what came in between is not of this pull request.
if [ "$base" = "${LINTEL_EVENT_BASE:-}" ] && [ "$(git rev-parse HEAD)" = "${GITHUB_SHA:-}" ] && git rev-parse --quiet --verify "HEAD^2" >/dev/null; then
	base=$(git rev-parse "HEAD^1")
fi

annotations=$(mktemp "$RUNNER_TEMP/lintel-annotations.XXXXXX")
trap 'rm -f "$annotations"' EXIT
set -- lintel review "$base" HEAD --color never
if [ -n "${LINTEL_BASELINE:-}" ]; then
	set -- "$@" --baseline "$LINTEL_BASELINE"
fi
# compare COMMAND... runs the review with what it has to write.
compare() {
	with_paths "$@" --format "github=$annotations" --format "markdown=$results/review.md" --format "json=$results/review.json" \
		--fail-on "${LINTEL_REVIEW_FAIL_ON:-new-error}" --tag "${LINTEL_TAG:-lintel}"
}
code=0
guarded compare "$@" || code=$?
cat "$annotations"
output code "$code"
notes "$results/review.md"

# The pictures come apart from the review, so that one which cannot be drawn does not decide whether there is a review.
if [ -n "${LINTEL_DIAGRAMS:-}" ] && [ "$code" -le 1 ]; then
	mkdir -p "$results/diagrams"
	set -- "$@" --quiet --fail-on never --format "json=$annotations"
	for format in $LINTEL_DIAGRAMS; do
		set -- "$@" --diagram "$results/diagrams/{system}.$format"
	done
	guarded with_paths "$@" || echo "::warning title=lintel::The diagrams could not be drawn; the log tells why."
fi
