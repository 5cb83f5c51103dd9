#!/bin/sh
# Step of action.yml: writes review.md as a comment of the pull request, or over the comment that an earlier run wrote.
# in:  LINTEL_TAG, LINTEL_PULL_REQUEST (its number), LINTEL_TOKEN, LINTEL_CODE (of the review), LINTEL_RESULTS, GITHUB_API_URL, GITHUB_REPOSITORY
# out: the comment; where the token may not write, as on a pull request from a fork, a notice: the summary has the same
set -eu
. "$(dirname "$0")/arguments.sh"

review=$results/review.md
if [ ! -s "$review" ]; then
	exit 0 # the review failed, which the log tells
fi
for program in curl jq; do
	if ! command -v "$program" >/dev/null 2>&1; then
		echo "::notice title=lintel::No comment was written, this machine has no $program. The summary of the run has the review."
		exit 0
	fi
done
case $LINTEL_PULL_REQUEST in
'' | *[!0-9]*) fail "\"$LINTEL_PULL_REQUEST\" is no number of a pull request" ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues

# call METHOD ADDRESS [BODYFILE] prints the status and leaves the answer in answer.json. The token goes through standard
# input, so that the list of processes does not show it. What was not answered is asked again, but for POST: that would make
# a second comment where only the answer was lost.
call() {
	method=$1 address=$2
	set -- ${3:+--data-binary "@$3"}
	[ "$method" = POST ] || set -- --retry 3 "$@"
	printf 'header = "Authorization: Bearer %s"\n' "$LINTEL_TOKEN" |
		curl --config - --silent --show-error --max-time 60 --request "$method" \
			--header "Accept: application/vnd.github+json" --header "X-GitHub-Api-Version: 2022-11-28" --header "Content-Type: application/json" \
			--output "$work/answer.json" --write-out '%{http_code}' "$@" "$address" || true
}

refused() {
	echo "::notice title=lintel::No comment was written: GitHub answered $1 to $2. The summary of the run has the review. Comments need \"pull-requests: write\"; the token of a pull request from a fork never has it."
	exit 0
}

# An answer that is no JSON comes from something between here and GitHub.
unreadable() { refused "$status with what is no such JSON" "$1"; }

# An earlier comment has the tag and was written by whoever this token is; a tag that somebody else wrote does not count.
# The tokens of workflows and of GitHub Apps may not ask who they are: they are bots, which start their comment with the tag.
author=''
status=$(call GET "$GITHUB_API_URL/user")
if [ "$status" = 200 ]; then
	author=$(jq --exit-status --raw-output .login "$work/answer.json" 2>/dev/null) || unreadable "asking whose the token is"
fi
tag="<!-- lintel-review:${LINTEL_TAG:-lintel} -->"
id='' page=1
while [ -z "$id" ] && [ "$page" -le 100 ]; do
	status=$(call GET "$api/$LINTEL_PULL_REQUEST/comments?per_page=100&page=$page")
	[ "$status" = 200 ] || refused "$status" "reading the comments"
	found=$(jq --slurp --raw-output --arg tag "$tag" --arg author "$author" \
		'.[0] | length, ([.[] | select(if $author != "" then .user.login == $author else .user.type == "Bot" end)
			| select(.body | startswith($tag))][0].id // empty)' "$work/answer.json" 2>/dev/null) || unreadable "reading the comments"
	id=$(printf '%s\n' "$found" | sed -n 2p)
	[ "$(printf '%s\n' "$found" | sed -n 1p)" = 100 ] || break
	page=$((page + 1))
done

jq --raw-input --slurp '{body: .}' "$review" >"$work/comment.json"
if [ -n "$id" ]; then
	status=$(call PATCH "$api/comments/$id" "$work/comment.json")
else
	# Where designs did not change there is nothing to say, unless an earlier comment has to be corrected.
	if [ "$(jq '[.designs[] | select(.status != "unchanged")] | length' "$results/review.json")" = 0 ] && [ "${LINTEL_CODE:-0}" = 0 ]; then
		exit 0
	fi
	status=$(call POST "$api/$LINTEL_PULL_REQUEST/comments" "$work/comment.json")
fi
case $status in
200 | 201) jq --raw-output '"The comment: \(.html_url)"' "$work/answer.json" 2>/dev/null || unreadable "writing the comment" ;;
*) refused "$status" "writing the comment" ;;
esac
