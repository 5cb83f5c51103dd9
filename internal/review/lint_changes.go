package review

func (m *match) lintChanges() []Change { return nil }
