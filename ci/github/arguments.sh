# shellcheck shell=sh
# Read by the other scripts with ".": what they share.

set -f # no input is a pattern of file names

# results is where they leave files for one another.
results=$RUNNER_TEMP/lintel-results
mkdir -p "$results"

fail() {
	echo "::error title=lintel::$1"
	exit 2
}

# output NAME VALUE sets an output of the step.
output() { echo "$1=$2" >>"$GITHUB_OUTPUT"; }

# notes FILE... appends Markdown to the summary of the run.
notes() {
	for file in "$@"; do
		if [ -s "$file" ]; then
			cat "$file" >>"$GITHUB_STEP_SUMMARY"
			echo >>"$GITHUB_STEP_SUMMARY"
		fi
	done
}

# with_paths COMMAND... runs the command with the lines of LINTEL_PATHS as its last arguments. They stand after "--", so
# none of them is taken for a flag.
with_paths() {
	set -- "$@" --
	while IFS= read -r path; do
		if [ -n "$path" ]; then
			set -- "$@" "$path"
		fi
	done <<END
$LINTEL_PATHS
END
	"$@"
}
