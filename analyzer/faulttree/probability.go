package faulttree

// chances gives the probability of each level, from those of the module's variables: of a group's level the
// probability that count of its members occur when count-1 do.
func (c *compiled) chances(p func(variable int32) float64) []float64 {
	out := make([]float64, len(c.level))
	for i := 0; i < len(c.level); {
		l := c.level[i]
		q := p(l.variable)
		if l.of == 1 {
			out[i] = q
			i++
			continue
		}
		tail := binomialTail(int(l.of), q)
		for k := 1; k <= int(l.of); k++ {
			out[i] = given(tail, k, q)
			i++
		}
	}
	return out
}

// given is the probability of at least k of n when at least k-1 occur.
func given(tail []float64, k int, p float64) float64 {
	if tail[k-1] > 0 {
		return min(tail[k]/tail[k-1], 1)
	}
	n := len(tail) - 1
	return min(float64(n-k+1)/float64(k)*p, 1) // the limit for p towards 0
}

// binomialTail gives for k from 0 to n the probability that at least k of n independent events of probability p occur.
func binomialTail(n int, p float64) []float64 {
	tail := make([]float64, n+1)
	switch p {
	case 0:
		tail[0] = 1
		return tail
	case 1:
		for k := range tail {
			tail[k] = 1
		}
		return tail
	}
	// From the likeliest number on both ways by the ratio of neighbours, so that no rounding of large logarithms enters;
	// then scaled to the sum 1, and added up from the small end.
	mode := min(int(float64(n+1)*p), n)
	term := make([]float64, n+1)
	term[mode] = 1
	for k := mode; k < n; k++ {
		term[k+1] = term[k] * float64(n-k) / float64(k+1) * (p / (1 - p))
	}
	for k := mode; k > 0; k-- {
		term[k-1] = term[k] * float64(k) / float64(n-k+1) * ((1 - p) / p)
	}
	for k := n; k >= 0; k-- {
		tail[k] = term[k]
		if k < n {
			tail[k] += tail[k+1]
		}
	}
	sum := tail[0]
	for k := range tail {
		tail[k] = min(tail[k]/sum, 1)
	}
	tail[0] = 1
	return tail
}

// probability of the module's root, by the chances of the levels. All terms are positive, so no digits are lost.
func (c *compiled) probability(chance []float64) float64 {
	if c.root < 2 {
		return float64(c.root)
	}
	value := make([]float64, c.root+1)
	value[1] = 1
	for _, n := range c.reachable(c.root) {
		m := &c.nodes[n]
		q := chance[m.level]
		value[n] = q*value[m.high] + (1-q)*value[m.low]
	}
	return value[c.root]
}
