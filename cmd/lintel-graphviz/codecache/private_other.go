//go:build !unix

package codecache

// private reports whether only this user can reach the folder. The temporary folder is the user's own
// on systems other than Unix.
func private(string) bool { return true }
