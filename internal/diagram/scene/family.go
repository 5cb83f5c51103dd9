package scene

import "lintel/schema"

// family is what kinds of modules have in common: their hue.
type family struct{ line, tile, icon Ink }

// unchangedFamily is that of what did not change, where changes are told.
var unchangedFamily = family{FrameLine, FadedTile, Muted}

func familyOf(k schema.Kind) family {
	switch k {
	case schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Network, schema.DNS:
		return family{TrafficLine, TrafficTile, TrafficIcon}
	case schema.Database, schema.Cache, schema.ObjectStore, schema.Search:
		return family{DataLine, DataTile, DataIcon}
	case schema.Queue:
		return family{MessageLine, MessageTile, MessageIcon}
	case schema.Discovery, schema.Configuration, schema.Identity, schema.Monitoring:
		return family{PlatformLine, PlatformTile, PlatformIcon}
	case schema.External:
		return family{ExternalLine, ExternalTile, ExternalIcon}
	case "":
		return family{FrameLine, PlatformTile, PlatformIcon}
	}
	return family{ComputeLine, ComputeTile, ComputeIcon}
}
