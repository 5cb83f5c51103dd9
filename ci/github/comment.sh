#!/bin/sh
# Step of action.yml: writes review.md as a comment of the pull request, or over the comment that an earlier run wrote.
# in:  LINTEL_TAG, LINTEL_PULL_REQUEST (its number), LINTEL_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY, RUNNER_TEMP
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
api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues

# call METHOD ADDRESS [BODYFILE] prints the status and leaves the answer in answer.json. The token goes through standard
# input, so that the list of processes does not show it.
call() {
	method=$1 address=$2
	set -- ${3:+--data-binary "@$3"}
	printf 'header = "Authorization: Bearer %s"\n' "$LINTEL_TOKEN" |
		curl --config - --silent --show-error --retry 3 --max-time 60 --request "$method" \
			--header "Accept: application/vnd.github+json" --header "X-GitHub-Api-Version: 2022-11-28" --header "Content-Type: application/json" \
			--output "$results/answer.json" --write-out '%{http_code}' "$@" "$address" || true
}

refused() {
	echo "::notice title=lintel::No comment was written: GitHub answered $1 to $2. The summary of the run has the review. Comments need \"pull-requests: write\"; the token of a pull request from a fork never has it."
	exit 0
}

# An earlier comment has the tag and was written by whoever this token is; a tag that somebody else wrote does not count.
# A workflow's own token may not ask who it is: that is github-actions[bot].
author="github-actions[bot]"
if [ "$(call GET "$GITHUB_API_URL/user")" = 200 ]; then
	author=$(jq --raw-output .login "$results/answer.json")
fi
tag="<!-- lintel-review:${LINTEL_TAG:-lintel} -->"
id='' page=1
while [ -z "$id" ] && [ "$page" -le 100 ]; do
	status=$(call GET "$api/$LINTEL_PULL_REQUEST/comments?per_page=100&page=$page")
	[ "$status" = 200 ] || refused "$status" "reading the comments"
	id=$(jq --raw-output --arg tag "$tag" --arg author "$author" \
		'[.[] | select((.user.login == $author) and (.body | contains($tag)))][0].id // empty' "$results/answer.json")
	[ "$(jq length "$results/answer.json")" = 100 ] || break
	page=$((page + 1))
done

jq --raw-input --slurp '{body: .}' "$review" >"$results/comment.json"
if [ -n "$id" ]; then
	status=$(call PATCH "$api/comments/$id" "$results/comment.json")
else
	# Where designs did not change there is nothing to say, unless an earlier comment has to be corrected.
	if [ "$(jq '[.designs[] | select(.status != "unchanged")] | length' "$results/review.json")" = 0 ] && [ "${LINTEL_CODE:-0}" = 0 ]; then
		exit 0
	fi
	status=$(call POST "$api/$LINTEL_PULL_REQUEST/comments" "$results/comment.json")
fi
case $status in
200 | 201) jq --raw-output '"The comment: \(.html_url)"' "$results/answer.json" ;;
*) refused "$status" "writing the comment" ;;
esac
