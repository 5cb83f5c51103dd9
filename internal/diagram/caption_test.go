package diagram_test

import (
	"strings"
	"testing"

	"lintel/internal/diagram"
	"lintel/schema"
)

func TestCaption(t *testing.T) {
	for want, n := range map[string]diagram.Node{
		"":                      {Kind: schema.Service, Replicas: 1, Of: 1},
		"Go":                    {Kind: schema.Service, Technology: "Go", Replicas: 1, Of: 1},
		"load balancer · nginx": {Kind: schema.LoadBalancer, Technology: "nginx", Replicas: 1, Of: 1},
		"Redis cache":           {Kind: schema.Cache, Technology: "Redis cache", Replicas: 1, Of: 1},
		"DNS | ×3 · tier 0":     {Kind: schema.DNS, Replicas: 3, Of: 3, Tier: new(0)},
		"database · PostgreSQL 16 | ×3 · quorum, 2 needed · tier 1": {
			Kind: schema.Database, Technology: "PostgreSQL 16", Replicas: 3, Of: 3, Redundancy: "quorum, 2 needed", Tier: new(1),
		},
		"no replicas":                    {Kind: schema.Service},
		"×1 of 3, 1 lost":                {Kind: schema.Service, Replicas: 1, Of: 3, Lost: 1},
		"×2–10":                          {Kind: schema.Service, Replicas: 2, Of: 2, ScalesTo: 10},
		"×1–10":                          {Kind: schema.Service, Replicas: 1, Of: 1, ScalesTo: 10},
		"×1,000,000":                     {Kind: schema.Service, Replicas: 1_000_000, Of: 1_000_000},
		"1 module":                       {Role: diagram.SummaryNode, Members: 1},
		"1,200 modules, 3 down":          {Role: diagram.SummaryNode, Members: 1200, MembersDown: 3},
		"5 modules | used by 60":         {Role: diagram.SummaryNode, Members: 5, UsedBy: 60},
		"5 modules | uses 60":            {Role: diagram.SummaryNode, Members: 5, Uses: 60},
		"5 modules | used by 7, uses 60": {Role: diagram.SummaryNode, Members: 5, UsedBy: 7, Uses: 60},
		"2 of 3":                         {Role: diagram.ChoiceNode, Need: 2, Alternatives: 3},
	} {
		if got := strings.Join(n.Caption(), " | "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	for want, e := range map[string]diagram.Edge{
		"":                   {Count: 1, When: schema.Runtime},
		"grpc":               {Count: 1, When: schema.Runtime, Protocol: "grpc"},
		"grpc · startup":     {Count: 1, When: schema.Startup, Protocol: "grpc"},
		"×1,203":             {Count: 1203, When: schema.Runtime},
		"grpc · deploy · ×2": {Count: 2, When: schema.Deploys, Protocol: "grpc"},
	} {
		if got := e.Label(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
