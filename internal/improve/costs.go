package improve

import (
	"math"

	"lintel/schema"
)

// Costs say what changes cost, in units of one more replica of a stateless module. What is nil is not said there, and taken
// from the next wider one: of a module, of its kind, of all, of DefaultCosts.
type Costs struct {
	Prices
	Kinds   map[schema.Kind]Prices
	Modules map[string]Prices
}

// Prices are the costs of each kind of change. Never forbids it.
type Prices struct {
	Replica     *float64 // one more replica
	Move        *float64 // one replica in another failure domain
	Mode        *float64 // another redundancy.mode
	Failover    *float64 // a standby that takes over by itself
	Alternative *float64 // a further module that stands in for this one, where it is external
	Soft        *float64 // a caller that serves its users without this module
}

// Never is the price of what must not be done.
var Never = math.Inf(1)

// The default prices. A replica of what keeps state has to be kept in step with the others, and an alternative is another
// contract and another interface. A soft dependency is no matter of money first: it changes what is promised to users, so it is
// forbidden until it has a price or is allowed.
const (
	replicaPrice         = 1
	statefulReplicaPrice = 3
	movePrice            = 0.2
	modePrice            = 0.5
	failoverPrice        = 0.5
	alternativePrice     = 8
	softPrice            = 2 // where allowed
)

// price picks one field of prices: that of the module, of its kind, of all, or the default.
func (c *Costs) price(m *schema.Module, field func(*Prices) *float64, initial float64) float64 {
	if p, ok := c.Modules[m.Name]; ok && field(&p) != nil {
		return *field(&p)
	}
	if p, ok := c.Kinds[m.Kind]; ok && field(&p) != nil {
		return *field(&p)
	}
	if p := field(&c.Prices); p != nil {
		return *p
	}
	return initial
}

func (c *Costs) replica(m *schema.Module) float64 {
	initial := float64(replicaPrice)
	if m.State == schema.Stateful {
		initial = statefulReplicaPrice
	}
	return c.price(m, func(p *Prices) *float64 { return p.Replica }, initial)
}

func (c *Costs) move(m *schema.Module) float64 {
	return c.price(m, func(p *Prices) *float64 { return p.Move }, movePrice)
}

func (c *Costs) mode(m *schema.Module) float64 {
	return c.price(m, func(p *Prices) *float64 { return p.Mode }, modePrice)
}

func (c *Costs) failover(m *schema.Module) float64 {
	return c.price(m, func(p *Prices) *float64 { return p.Failover }, failoverPrice)
}

func (c *Costs) alternative(m *schema.Module) float64 {
	return c.price(m, func(p *Prices) *float64 { return p.Alternative }, alternativePrice)
}

// soft is the price of a caller that does without m. allowed says that it may be so where no price says otherwise.
func (c *Costs) soft(m *schema.Module, allowed bool) float64 {
	initial := Never
	if allowed {
		initial = softPrice
	}
	return c.price(m, func(p *Prices) *float64 { return p.Soft }, initial)
}

// softNamed reports whether a price of a soft dependency on m is given for m itself or for its kind.
func (c *Costs) softNamed(m *schema.Module) bool {
	p, ok := c.Modules[m.Name]
	return ok && p.Soft != nil
}

// MaxPrice bounds a price.
const MaxPrice = 1000

// units gives a cost as the search counts it: millionths, and one more for each change, so that of solutions that cost the
// same the one with fewer changes is cheaper.
func units(cost float64) int64 { return int64(math.Round(cost*1e6))<<12 + 1 }

// priceOf is the cost that units stand for.
func priceOf(u int64) float64 { return float64(u>>12) / 1e6 }

// roundPrice leaves out what only the sum of binary fractions brings.
func roundPrice(x float64) float64 { return math.Round(x*1e6) / 1e6 }
