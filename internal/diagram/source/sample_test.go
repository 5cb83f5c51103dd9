package source

import (
	"lintel/internal/diagram"
	"lintel/schema"
)

func tier(n int) *int { return &n }

// shop is a diagram that has one of everything.
func shop() *diagram.Diagram {
	d := &diagram.Diagram{
		System: "shop", Title: "Shop", Subtitle: "what fails with zone-a", Stamp: "2026-11-23",
		Description: "9 modules in 3 groups, 10 dependencies.",
		Flow:        diagram.FlowDown,
		Groups: []*diagram.Group{
			{Name: "storefront", Kind: "group", Parent: -1},
			{Name: "ordering", Kind: "group", Parent: -1, Marks: []int{3}},
			{Name: "ordering data", Kind: "group", Parent: 1, State: diagram.Degraded},
			{Name: "later", Kind: "group", Parent: -1, Faded: true},
		},
		Nodes: []*diagram.Node{
			{Name: "web", Module: 0, Group: 0, Kind: schema.Frontend, Technology: "React", Team: "web", Entry: true, Replicas: 3, Of: 3, Tier: tier(0),
				Description: "The shop's pages", Tags: []string{"public", "pci"},
				Links: []schema.Link{{Label: "code", URL: "javascript:alert(1)"}, {Label: "runbook", URL: "https://example.org/run?a=1&b=\"2\""}}},
			{Name: "gateway", Module: 1, Group: 0, Kind: schema.Gateway, Technology: "Envoy", Replicas: 2, Of: 2},
			{Name: "orders", Module: 2, Group: 1, Kind: schema.Service, Technology: "Go", Replicas: 3, Of: 5, ScalesTo: 9, Lost: 1, State: diagram.Degraded, OnPath: []int{1}},
			{Name: "orders-db", Module: 3, Group: 2, Kind: schema.Database, Technology: "PostgreSQL 16", Replicas: 2, Of: 2, State: diagram.Failed,
				Redundancy: "active-passive, manual failover", Marks: []int{1, 2}},
			{Name: "order-events", Module: 4, Group: 2, Kind: schema.Queue, Technology: "Kafka", Replicas: 3, Of: 3, Redundancy: "quorum, 2 needed"},
			{Name: "mailer", Module: 5, Group: -1, Kind: schema.Worker, Replicas: 1, Of: 1, State: diagram.Down},
			{Name: "mail", Role: diagram.ChoiceNode, Module: -1, Group: -1, Need: 1, Alternatives: 2},
			{Name: "Mailgun", Module: 6, Group: -1, Kind: schema.External, Replicas: 1, Of: 1},
			{Name: "SES", Module: 7, Group: -1, Kind: schema.External, Replicas: 1, Of: 1},
			{Name: "reporting", Role: diagram.SummaryNode, Module: -1, Group: -1, Members: 12},
			{Name: "recommendations", Module: 8, Group: 3, Kind: schema.Service, Replicas: 1, Of: 1, Faded: true},
			{Name: "settings", Module: 9, Group: -1, Kind: schema.Configuration, Replicas: 3, Of: 3},
		},
		Edges: []*diagram.Edge{
			{From: 0, To: 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Protocol: "https", Count: 1},
			{From: 1, To: 2, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Protocol: "grpc", Count: 1, OnPath: []int{1}},
			{From: 1, To: 10, Mode: schema.Sync, Strength: schema.Soft, When: schema.Runtime, Count: 1, Faded: true},
			{From: 2, To: 3, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Protocol: "postgres", Count: 1, State: diagram.Down, Marks: []int{1}, OnPath: []int{1}},
			{From: 2, To: 4, Mode: schema.Async, Strength: schema.Hard, When: schema.Runtime, Protocol: "kafka", Count: 1},
			{From: 2, To: 11, Mode: schema.Sync, Strength: schema.Hard, When: schema.Startup, Count: 1},
			{From: 5, To: 4, Mode: schema.Async, Strength: schema.Hard, When: schema.Runtime, Count: 1, InCycle: true},
			{From: 5, To: 6, Mode: schema.Async, Strength: schema.Soft, When: schema.Runtime, Count: 1},
			{From: 6, To: 7, Mode: schema.Async, Strength: schema.Soft, When: schema.Runtime, Count: 1},
			{From: 6, To: 8, Mode: schema.Async, Strength: schema.Soft, When: schema.Runtime, Count: 1, State: diagram.Degraded},
			{From: 9, To: 2, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 7},
		},
		Findings: []*diagram.Finding{
			{Number: 1, Rule: "single-point-of-failure", Severity: "error", Subject: "orders-db", Place: "shop.cue:12",
				Message: `the journey "buy" fails when replica 1 of orders-db fails, because failover is manual`, Hint: `set redundancy.failover: "automatic"`},
			{Number: 2, Rule: "no-backup", Severity: "warning", Subject: "orders-db", Place: "shop.cue:12", Message: "orders-db keeps data and has no backup"},
			{Number: 3, Rule: "one-team", Severity: "info", Subject: "ordering", Place: "shop.cue:3", Message: "one team owns all of it"},
		},
		Failure: &diagram.Failure{Events: []string{"zone-a"}, Down: 2, Degraded: 1, Lost: []string{"buy"}, Limping: []string{"browse"}, Journeys: 3},
		Notes:   []string{"4 modules that the journey does not need are left out"},
	}
	for _, n := range d.Nodes {
		if n.Role == diagram.ModuleNode && n.Of == 0 {
			n.Of = n.Replicas
		}
	}
	return d
}

// changedShop is a diagram that tells what became of every sort of part.
func changedShop() *diagram.Diagram {
	d := &diagram.Diagram{
		System: "shop", Title: "Shop", Subtitle: "changes: main (3f2c1a9) → the working tree",
		Description: "6 modules with 5 dependencies. Changed: 1 module added, 1 removed, 1 changed.",
		Flow:        diagram.FlowDown, Changed: true,
		Groups: []*diagram.Group{
			{Name: "storefront", Kind: "group", Parent: -1},
			{Name: "payments", Kind: "group", Parent: -1, Change: diagram.WasAdded},
			{Name: "zone-c", Kind: "zone", Parent: -1, Change: diagram.WasRemoved},
		},
		Nodes: []*diagram.Node{
			{Name: "web", Module: 0, Group: 0, Kind: schema.Frontend, Technology: "React", Entry: true, Replicas: 3, Of: 3},
			{Name: "orders", Module: 1, Group: 0, Kind: schema.Service, Technology: "Go", Replicas: 1, Of: 1, Change: diagram.WasChanged, ChangeNote: "replicas 3 → 1", Marks: []int{1}},
			{Name: "payments", Module: 2, Group: 1, Kind: schema.Service, Replicas: 2, Of: 2, Change: diagram.WasAdded},
			{Name: "cache", Module: 3, Group: 2, Kind: schema.Cache, Technology: "Redis", Replicas: 1, Of: 1, Change: diagram.WasRemoved},
			{Name: "mail", Role: diagram.ChoiceNode, Module: -1, Group: -1, Need: 1, Alternatives: 2, Change: diagram.WasChanged},
			{Name: "reporting", Role: diagram.SummaryNode, Module: -1, Group: -1, Members: 12, Change: diagram.WasChanged, ChangeNote: "2 added, 1 changed"},
		},
		Edges: []*diagram.Edge{
			{From: 0, To: 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Protocol: "https", Count: 1, Change: diagram.WasChanged, ChangeNote: "strength soft → hard"},
			{From: 1, To: 2, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Protocol: "grpc", Count: 1, Change: diagram.WasAdded},
			{From: 1, To: 3, Mode: schema.Sync, Strength: schema.Soft, When: schema.Runtime, Count: 1, Change: diagram.WasRemoved},
			{From: 1, To: 4, Mode: schema.Async, Strength: schema.Soft, When: schema.Runtime, Count: 1, Change: diagram.WasAdded},
			{From: 5, To: 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 3},
		},
		Findings: []*diagram.Finding{
			{Number: 1, Rule: "RES001", Severity: "error", Subject: "orders", Place: "shop.cue:12", Message: "orders is a single point of failure"},
		},
	}
	return d
}
