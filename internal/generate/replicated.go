package generate

import "lintel/schema"

// Replicated gives the design with that many replicas of every module, any one of which is enough, spread over the first
// three zones; of external modules, one. Modules and domains that state no availability get one, and modules no objective
// that depends on how many replicas they had. It changes the design.
func Replicated(d *schema.Design, replicas int) *schema.Design {
	var zones []schema.Ref
	for _, f := range d.FailureDomains {
		if f.Kind == schema.Zone && len(zones) < 3 {
			zones = append(zones, schema.Ref{Name: f.Name})
		}
	}
	for len(zones) < 3 {
		name := "zone-" + string(rune('a'+len(zones)))
		d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: schema.Zone})
		zones = append(zones, schema.Ref{Name: name})
	}
	for _, f := range d.FailureDomains {
		if f.Availability == nil {
			f.Availability = new(99.99)
		}
	}
	for _, m := range d.Modules {
		if m.Availability == nil {
			m.Availability = new(99.5)
		}
		if m.Kind == schema.External {
			continue
		}
		m.Replicas, m.Redundancy, m.Autoscaling = replicas, schema.Redundancy{}, nil
		m.Placement = &schema.Placement{Spread: zones}
	}
	d.Normalize()
	return d
}
