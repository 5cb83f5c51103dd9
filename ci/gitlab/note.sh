#!/bin/sh
# Step of lintel.yml: writes a file as a note of the merge request, or over the note that an earlier run wrote.
# usage: sh note.sh review.md review.json
# in: LINTEL_GITLAB_TOKEN (a project access token with scope "api"), LINTEL_TAG, and GitLab's own CI_API_V4_URL, CI_PROJECT_ID,
#     CI_MERGE_REQUEST_IID
set -eu
review=$1 comparison=$2
if [ ! -s "$review" ]; then
	exit 0 # the review failed, which the log tells
fi
if [ -z "${LINTEL_GITLAB_TOKEN:-}" ]; then
	echo "No note was written: LINTEL_GITLAB_TOKEN is not set. The job's artefacts have the review."
	exit 0
fi
for program in curl jq; do
	if ! command -v "$program" >/dev/null 2>&1; then
		echo "No note was written, this image has no $program. The job's artefacts have the review."
		exit 0
	fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
api=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes

# call METHOD ADDRESS [BODYFILE] prints the status and leaves the answer in answer.json. The token goes through standard
# input, so that the list of processes does not show it. What was not answered is asked again, but for POST: that would make
# a second note where only the answer was lost.
call() {
	method=$1 address=$2
	set -- ${3:+--data-binary "@$3"}
	[ "$method" = POST ] || set -- --retry 3 "$@"
	printf 'header = "PRIVATE-TOKEN: %s"\n' "$LINTEL_GITLAB_TOKEN" |
		curl --config - --silent --show-error --max-time 60 --request "$method" \
			--header "Content-Type: application/json" --output "$work/answer.json" --write-out '%{http_code}' "$@" "$address" || true
}

refused() {
	echo "No note was written: GitLab answered $1 to $2. The job's artefacts have the review. Notes need a token with the scope \"api\"."
	exit 0
}

# An answer that is no JSON comes from something between here and GitLab.
unreadable() { refused "$status with what is no such JSON" "$1"; }

# Only a note of this token's own user is written over; a tag that somebody else wrote does not count.
status=$(call GET "$CI_API_V4_URL/user")
[ "$status" = 200 ] || refused "$status" "asking whose the token is"
author=$(jq --exit-status .id "$work/answer.json" 2>/dev/null) || unreadable "asking whose the token is"
tag="<!-- lintel-review:${LINTEL_TAG:-lintel} -->"
id='' page=1
while [ -z "$id" ] && [ "$page" -le 100 ]; do
	status=$(call GET "$api?per_page=100&order_by=created_at&sort=asc&page=$page")
	[ "$status" = 200 ] || refused "$status" "reading the notes"
	found=$(jq --slurp --raw-output --arg tag "$tag" --argjson author "$author" \
		'.[0] | length, ([.[] | select((.author.id == $author) and (.body | startswith($tag)))][0].id // empty)' \
		"$work/answer.json" 2>/dev/null) || unreadable "reading the notes"
	id=$(printf '%s\n' "$found" | sed -n 2p)
	[ "$(printf '%s\n' "$found" | sed -n 1p)" = 100 ] || break
	page=$((page + 1))
done

jq --raw-input --slurp '{body: .}' "$review" >"$work/note.json"
if [ -n "$id" ]; then
	status=$(call PUT "$api/$id" "$work/note.json")
else
	# Where designs did not change there is nothing to say, unless an earlier note has to be corrected.
	if [ "$(jq '[.designs[] | select(.status != "unchanged")] | length' "$comparison")" = 0 ] && [ "${LINTEL_CODE:-0}" = 0 ]; then
		exit 0
	fi
	status=$(call POST "$api" "$work/note.json")
fi
case $status in
200 | 201) ;;
*) refused "$status" "writing the note" ;;
esac
