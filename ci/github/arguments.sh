# shellcheck shell=sh
# Read by the other scripts with ".": what they share.

set -f # no input is a pattern of file names

# results is the folder where the steps leave files for one another. check.sh makes it, anew for each use of the action in a job.
# shellcheck disable=SC2034
results=${LINTEL_RESULTS:-}

# escaped TEXT prints the text so that a workflow command can hold it.
escaped() { printf '%s\n' "$1" | awk '{ gsub(/%/, "%25"); gsub(/\r/, "%0D"); printf "%s%s", separator, $0; separator = "%0A" }'; }

fail() {
	echo "::error title=lintel::$(escaped "$1")"
	exit 2
}

# guarded COMMAND... runs a command so that nothing of what it prints is taken for a workflow command: designs, names of
# files and branches are those of whoever made the pull request. What resumes the commands is random, and cannot be guessed.
# Both outputs become one, as the order of two is not kept.
guarded() {
	token=$(od -A n -N 16 -t x1 /dev/urandom | tr -d ' \n')
	echo "::stop-commands::lintel-$token"
	guarded_code=0
	"$@" 2>&1 || guarded_code=$?
	echo
	echo "::lintel-$token::"
	return "$guarded_code"
}

# check_formats fails where LINTEL_DIAGRAMS holds what can be no format.
check_formats() {
	case ${LINTEL_DIAGRAMS:-} in
	*[!0-9a-z' ']*) fail "the diagrams \"$LINTEL_DIAGRAMS\" are no formats, separated by spaces" ;;
	esac
}

# output NAME VALUE sets an output of the step.
output() { echo "$1=$2" >>"$GITHUB_OUTPUT"; }

# notes FILE... appends Markdown to the summary of the run. GitHub drops summaries above 1 MiB, so longer ones are cut.
notes() {
	most=1000000
	for file in "$@"; do
		[ -s "$file" ] || continue
		size=$(wc -c <"$file")
		if [ "$size" -gt "$most" ]; then
			# shellcheck disable=SC2016
			printf '**This report is too long to be shown here and is cut. All of it is `%s` in the artefact of this run.**\n\n' "${file##*/}"
			LC_ALL=C awk -v most="$most" '{ size += length($0) + 1; if (size > most) exit; print }' "$file"
		else
			cat "$file"
		fi >>"$GITHUB_STEP_SUMMARY"
		echo >>"$GITHUB_STEP_SUMMARY"
	done
}

# with_paths COMMAND... runs the command with the lines of LINTEL_PATHS as its last arguments, ./... where there are none.
# They stand after "--", so none of them is taken for a flag.
with_paths() {
	set -- "$@" --
	before=$#
	while IFS= read -r path; do
		path=${path#"${path%%[![:space:]]*}"}
		path=${path%"${path##*[![:space:]]}"} # a carriage return, too
		if [ -n "$path" ]; then
			set -- "$@" "$path"
		fi
	done <<END
$LINTEL_PATHS
END
	if [ $# = "$before" ]; then
		set -- "$@" ./...
	fi
	"$@"
}
