#!/bin/sh
# Installs lintel from what "make release" built: picks the archive for this machine, verifies its checksum, and puts the
# programs, the manual and the completions below a folder. See "sh install.sh --help".
set -eu

version=

usage() {
	cat <<'END'
usage: sh install.sh [--from ADDRESS] [--version VERSION] [--prefix FOLDER]

  --from ADDRESS     where the files of the release lie: an address (https://…, file://…) or a folder; {version} in it
                     stands for the version. Left out: $LINTEL_RELEASE, or the folder of this script
  --version VERSION  the version, such as 1.2.3; left out, that of this script
  --prefix FOLDER    install below FOLDER: bin/lintel, bin/lintel-graphviz, share/…
                     left out: /usr/local for root, else ~/.local
END
}

fail() {
	echo "install.sh: $1" >&2
	exit 1
}

from=${LINTEL_RELEASE:-}
prefix=
while [ $# -gt 0 ]; do
	case $1 in
	--from | --version | --prefix)
		case ${2:-} in
		"") fail "$1 needs a value; see --help" ;;
		--*) fail "$1 needs a value, and \"$2\" is an option; see --help" ;;
		esac
		case $1 in
		--from) from=$2 ;;
		--version) version=${2#v} ;;
		--prefix) prefix=$2 ;;
		esac
		shift 2
		;;
	-h | --help)
		usage
		exit 0
		;;
	*) fail "\"$1\" is not understood; see --help" ;;
	esac
done
[ -n "$version" ] || fail "which version? give --version 1.2.3"
case $version in
*[!0-9A-Za-z.-]*) fail "\"$version\" is no version" ;;
esac
if [ -z "$from" ]; then
	from=$(dirname -- "$0")
	[ -f "$from/checksums.txt" ] || fail "where does the release lie? give --from ADDRESS"
fi
if [ -z "$prefix" ]; then
	if [ "$(id -u)" = 0 ]; then
		prefix=/usr/local
	else
		[ -n "${HOME:-}" ] || fail "where to? there is no HOME; give --prefix FOLDER"
		prefix=$HOME/.local
	fi
fi
case $prefix in
/* | [A-Za-z]:*) ;;
*) prefix=$(pwd)/${prefix#./} ;;
esac
# {version} in the address
case $from in
*"{version}"*) from=${from%%"{version}"*}$version${from#*"{version}"} ;;
esac

ending=.tar.gz exe=
case $(uname -s) in
Linux) os=linux ;;
Darwin) os=darwin ;;
MINGW* | MSYS* | CYGWIN*) os=windows ending=.zip exe=.exe ;;
*) fail "there is no archive for $(uname -s); build lintel with Go" ;;
esac
case $(uname -m) in
x86_64 | amd64) arch=amd64 ;;
aarch64 | arm64) arch=arm64 ;;
*) fail "there is no archive for $(uname -m); build lintel with Go" ;;
esac
name=lintel_${version}_${os}_${arch}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# fetch NAME gets a file of the release into the working folder.
fetch() {
	case $from in
	*://*)
		if command -v curl >/dev/null 2>&1; then
			curl --fail --silent --show-error --location --retry 3 --output "$work/$1" "$from/$1"
		elif command -v wget >/dev/null 2>&1; then
			wget -q -O "$work/$1" "$from/$1"
		else
			fail "curl or wget is needed"
		fi
		;;
	*) cp -- "$from/$1" "$work/$1" ;;
	esac || fail "cannot get $from/$1"
}

fetch checksums.txt
fetch "$name$ending"

wanted=$(awk -v name="$name$ending" '$2 == name { print $1 }' "$work/checksums.txt")
[ -n "$wanted" ] || fail "checksums.txt does not list $name$ending"
if command -v sha256sum >/dev/null 2>&1; then
	found=$(sha256sum "$work/$name$ending" | cut -d ' ' -f 1)
elif command -v shasum >/dev/null 2>&1; then
	found=$(shasum -a 256 "$work/$name$ending" | cut -d ' ' -f 1)
else
	fail "sha256sum or shasum is needed to verify the archive"
fi
[ "$found" = "$wanted" ] || fail "the checksum of $name$ending is $found, checksums.txt says $wanted; nothing was installed"

case $ending in
.zip) (cd "$work" && unzip -q "$name$ending") ;;
*) tar -xzf "$work/$name$ending" -C "$work" ;;
esac || fail "cannot unpack $name$ending"
unpacked=$work/$name

# What does not run here must not take the place of a lintel that does.
said=$("$unpacked/lintel$exe" version 2>&1) || fail "the lintel of $name does not run here, and nothing was installed: $said"

# put FROM TO MODE copies beside the target first, so that a running lintel is replaced at once and not written over.
put() {
	if ! { mkdir -p "$prefix/$(dirname "$2")" && cp "$unpacked/$1" "$prefix/$2.new" && chmod "$3" "$prefix/$2.new" && mv -f "$prefix/$2.new" "$prefix/$2"; }; then
		fail "cannot write $prefix/$2"
	fi
}
put "lintel-graphviz$exe" "bin/lintel-graphviz$exe" 755
put "lintel$exe" "bin/lintel$exe" 755
put lintel.1 share/man/man1/lintel.1 644
put completions/lintel.bash share/bash-completion/completions/lintel 644
put completions/_lintel share/zsh/site-functions/_lintel 644
put completions/lintel.fish share/fish/vendor_completions.d/lintel.fish 644
for file in $(cd "$unpacked" && find LICENSE licenses -type f); do
	put "$file" "share/doc/lintel/$file" 644
done

echo "$said"
case :${PATH:-}: in
*":$prefix/bin:"*) ;;
*) echo "add $prefix/bin to your PATH to run it as \"lintel\"" ;;
esac
