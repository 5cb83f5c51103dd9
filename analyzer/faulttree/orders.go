package faulttree

import "math/big"

// orders counts sets by their size: orders[k] is the number of sets of k events. Numbers are exact.
type orders []*big.Int

func oneSet() orders { return orders{big.NewInt(1)} }

func oneEvent() orders { return orders{new(big.Int), big.NewInt(1)} }

// plus adds the sets of b to those of a, in place.
func (a orders) plus(b orders) orders {
	for len(a) < len(b) {
		a = append(a, new(big.Int))
	}
	for k, n := range b {
		a[k].Add(a[k], n)
	}
	return a
}

// times gives the unions of a set of a and one of b, up to limit events.
func (a orders) times(b orders, limit int) orders {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	out := make(orders, min(len(a)+len(b)-1, limit+1))
	for k := range out {
		out[k] = new(big.Int)
	}
	var product big.Int
	for i, x := range a {
		if x.Sign() == 0 {
			continue
		}
		for j, y := range b {
			if i+j >= len(out) {
				break
			}
			if y.Sign() != 0 {
				out[i+j].Add(out[i+j], product.Mul(x, y))
			}
		}
	}
	return out
}

// groupSets gives, by count, the sets that hold count of the n members of a group, each of which occurs by the sets of
// one.
func groupSets(member orders, n int32, limit int) []orders {
	out := make([]orders, n+1)
	power := oneSet()
	for count := range n + 1 {
		ways := new(big.Int).Binomial(int64(n), int64(count))
		out[count] = power.times(orders{ways}, limit)
		power = power.times(member, limit)
	}
	return out
}

// countSets counts the sets of a diagram of cut sets by their size, when each variable stands for the sets that of gives.
func (c *compiled) countSets(root int32, of func(variable int32) orders, limit int) orders {
	value := make([]orders, max(root, 1)+1)
	value[1] = oneSet()
	single, groups := map[int32]orders{}, map[int32][]orders{}
	for _, n := range c.reachable(root) {
		m := &c.nodes[n]
		l := c.level[m.level]
		if l.count > 1 {
			continue // counted with the first level of its group
		}
		var sum orders
		if l.of == 1 {
			w, ok := single[l.variable]
			if !ok {
				w = of(l.variable)
				single[l.variable] = w
			}
			sum = value[m.high].times(w, limit)
		} else {
			sets, ok := groups[l.variable]
			if !ok {
				sets = groupSets(of(l.variable), l.of, limit)
				groups[l.variable] = sets
			}
			at := m.high
			for count := int32(1); ; count++ {
				rest := at
				next := &c.nodes[at]
				deeper := at > 1 && next.level == m.level+count && count < l.of
				if deeper {
					rest = next.low
				}
				sum = sum.plus(value[rest].times(sets[count], limit))
				if !deeper {
					break
				}
				at = next.high
			}
		}
		value[n] = sum.plus(value[m.low])
	}
	return value[root]
}
