package whatif

// SetMostOverloadWork changes the bound for a test, until the function that it returns is called.
func SetMostOverloadWork(n int) (undo func()) {
	was := mostOverloadWork
	mostOverloadWork = n
	return func() { mostOverloadWork = was }
}
