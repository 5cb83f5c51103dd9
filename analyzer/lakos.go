package analyzer

// balancedTreeCCD returns the cumulative component dependency of a balanced binary tree of n
// components, each of which depends on its children: the sum of the sizes of all subtrees. For n =
// 2^k - 1 that is (n+1)*log2(n+1) - n, as Lakos gives it; for other n his formula is a real number
// that no tree has, and this is the sum for a tree whose levels are full but for the lowest, as in
// ArchUnit; its six-node example tells the two apart (NCCD 1.29, not 1.32).
//
// Source: J. Lakos, Large-Scale C++ Software Design, Addison-Wesley 1996, section 4.13.
func balancedTreeCCD(n int) int {
	// A component counts once for itself and once for each one above it, which is its depth.
	sum := 0
	for depth := 1; n>>(depth-1) > 0; depth++ {
		level := min(1<<(depth-1), n-(1<<(depth-1))+1)
		sum += depth * level
	}
	return sum
}

// lakos fills in John Lakos' figures from the number of modules that each module reaches.
func (s *SystemMetrics) lakos(dependsOn []int) {
	for _, n := range dependsOn {
		s.CCD += n
	}
	n := len(dependsOn)
	if n == 0 {
		return
	}
	s.ACD = float64(s.CCD) / float64(n)
	s.RACD = s.ACD / float64(n)
	s.NCCD = float64(s.CCD) / float64(balancedTreeCCD(n))
}
