//go:build !unix

package vcs

// ownerOf does not know whom a file belongs to: git finds every repository here.
func ownerOf(string) (owner, bool) { return owner{}, false }
