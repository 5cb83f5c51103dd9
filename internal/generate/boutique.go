package generate

import (
	"slices"

	"lintel/schema"
)

// boutique has the shape of Online Boutique: a shop of eleven services and a cart store, all in one
// zone and in one copy each.
func boutique() *schema.Design {
	d := &schema.Design{System: "boutique"}
	for _, m := range []struct {
		name  string
		kind  schema.Kind
		needs []string
	}{
		{"ads", schema.Service, nil},
		{"cart", schema.Service, []string{"cart-store"}},
		{"cart-store", schema.Cache, nil},
		{"catalogue", schema.Service, nil},
		{"checkout", schema.Service, []string{"cart", "catalogue", "currency", "email", "payment", "shipping"}},
		{"currency", schema.Service, nil},
		{"email", schema.Service, nil},
		{"frontend", schema.Frontend, []string{"ads", "cart", "catalogue", "checkout", "currency", "recommendations", "shipping"}},
		{"load", schema.Job, []string{"frontend"}},
		{"payment", schema.Service, nil},
		{"recommendations", schema.Service, []string{"catalogue"}},
		{"shipping", schema.Service, nil},
	} {
		module := &schema.Module{Name: m.name, Kind: m.kind, Replicas: 1, Entry: m.name == "frontend", Placement: &schema.Placement{Spread: []schema.Ref{{Name: "zone-a"}}}}
		for _, to := range m.needs {
			dep := &schema.Dependency{Key: to, To: schema.Ref{Name: to}, Need: 1, Protocol: "grpc"}
			if slices.Contains([]string{"ads", "recommendations", "email"}, to) {
				dep.Strength, dep.Fallback = schema.Soft, "leave it out"
			}
			module.DependsOn = append(module.DependsOn, dep)
		}
		d.Modules = append(d.Modules, module)
	}
	d.FailureDomains = []*schema.FailureDomain{{Name: "zone-a", Kind: schema.Zone}}
	d.Journeys = []*schema.Journey{{Name: "shop", Entry: schema.Ref{Name: "frontend"}, Peak: new(100.0)}}
	d.Normalize()
	return d
}
