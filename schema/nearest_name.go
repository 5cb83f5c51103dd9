package schema

// Nearest gives the one of names that a user most likely meant by name, the first of several that are as
// near, or "" where none is near: for "did you mean".
func Nearest(name string, names []string) string { return nearest(name, names) }
