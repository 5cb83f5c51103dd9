package analyzer

type folded struct{}
