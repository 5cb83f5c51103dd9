package vcs

// Submodules lists the paths of the submodules, sorted. It reads all folders.
func (t *Tree) Submodules() ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	var walk func(e *entry, path string) error
	walk = func(e *entry, path string) error {
		list, err := t.list(e)
		if err != nil {
			return err
		}
		for _, sub := range list {
			switch sub.kind() {
			case submoduleMode:
				out = append(out, path+sub.name)
			case folderMode:
				if err := walk(sub, path+sub.name+"/"); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return out, walk(t.top, "")
}

// Submodule gives the submodule that a path is or lies in.
func (t *Tree) Submodule(path string) (string, bool) {
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		e, err := t.lookup("lstat", path[:i], false)
		if err != nil {
			return "", false
		}
		if e.kind() == submoduleMode {
			return path[:i], true
		}
	}
	return "", false
}
