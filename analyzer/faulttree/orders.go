package faulttree

import (
	"math/big"
	"sync/atomic"
)

// orders counts sets by their size: orders[k] is the number of sets of k events. Numbers are exact.
type orders []*big.Int

func oneSet() orders { return orders{big.NewInt(1)} }

func oneEvent() orders { return orders{new(big.Int), big.NewInt(1)} }

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

// countSets counts the sets of a diagram of cut sets by their size, up to limit, when each variable stands for the sets
// that of gives. It is not known (ok is false) where stop was set.
func (c *compiled) countSets(root int32, of func(variable int32) orders, limit int, stop *atomic.Bool) (out orders, ok bool) {
	if root < 2 {
		return orders{big.NewInt(int64(root))}, true
	}
	return c.newCounter(root, of, limit, stop).count(limit)
}
