#!/bin/sh
# Last step of action.yml: fails when the check or the review did, after all reports are out.
# in:  LINTEL_CHECK_CODE, LINTEL_REVIEW_CODE (exit codes of lintel, or nothing)
set -eu
worst=0
for code in ${LINTEL_CHECK_CODE:-} ${LINTEL_REVIEW_CODE:-}; do
	if [ "$code" -gt "$worst" ]; then
		worst=$code
	fi
done
exit "$worst"
