#!/bin/sh
# Step of action.yml: puts lintel and lintel-graphviz on the PATH of the following steps. Without a version it builds them
# from the action's own source, which needs Go.
# in:  LINTEL_VERSION, LINTEL_RELEASE (where its files lie), GITHUB_ACTION_PATH, RUNNER_TEMP
# out: GITHUB_PATH
set -eu
. "$(dirname "$0")/arguments.sh"
prefix=$RUNNER_TEMP/lintel
if [ -n "${LINTEL_VERSION:-}" ]; then
	[ -n "${LINTEL_RELEASE:-}" ] || fail "the input \"version\" needs the input \"release\": where the files of the release lie"
	sh "$GITHUB_ACTION_PATH/install.sh" --version "$LINTEL_VERSION" --from "$LINTEL_RELEASE" --prefix "$prefix"
elif [ -x "$prefix/bin/lintel" ] || [ -x "$prefix/bin/lintel.exe" ]; then
	"$prefix/bin/lintel" version # from the cache
else
	mkdir -p "$prefix/bin"
	cd "$GITHUB_ACTION_PATH"
	CGO_ENABLED=0 go build -trimpath -o "$prefix/bin/" ./cmd/...
	"$prefix/bin/lintel" version
fi
echo "$prefix/bin" >>"$GITHUB_PATH"
