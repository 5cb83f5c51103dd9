package resilience

import (
	"cmp"
	"sync"

	"lintel/analyzer"
	"lintel/schema"
)

// TypicalValue is what Assumptions.Typical takes for some kinds of modules or failure domains.
type TypicalValue struct {
	Modules      []schema.Kind       // for a replica of these, or an external module as a whole
	Domains      []schema.DomainKind // for these by themselves, without what they are in
	Availability float64             // percent
	Reason       string              // where it is from, in Markdown
}

const googleCluster = "[Failure Rates in Google Data Centers](http://www.datacenterknowledge.com/archives/2008/05/30/failure-rates-in-google-data-centers/) (2008), " +
	"the first year of a cluster of 1,800 servers: "

const googleCloud = "what Google Cloud is designed for ([Design reliable infrastructure](https://docs.cloud.google.com/architecture/infra-reliability-guide/design)): "

// TypicalValues is the table of typical availabilities. Where a source leaves a choice, the value is on the careful side.
// Every kind of module and of failure domain stands in it once. docs/availability.md holds it.
func TypicalValues() []TypicalValue {
	return []TypicalValue{
		{
			Modules: []schema.Kind{
				schema.Service, schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Worker, schema.Job, schema.Function, schema.Database,
				schema.Cache, schema.Queue, schema.ObjectStore, schema.Search, schema.Discovery, schema.Configuration, schema.DNS, schema.Identity, schema.Monitoring,
			},
			Availability: 99.5,
			Reason: "what is promised of one virtual machine ([Amazon Compute Service Level Agreement](https://aws.amazon.com/compute/sla/), instance level). " +
				"What runs on it fails as well, and promises are mostly exceeded: that these even out is our judgement",
		},
		{
			Modules: []schema.Kind{schema.Network}, Domains: []schema.DomainKind{schema.Net}, Availability: 99.9,
			Reason: "[Handling Large Datasets at Google](https://e-mats.org/2008/04/handling-large-datasets-at-google), a cluster's first year: 3 router failures of an hour, " +
				"4 disturbances of half an hour, 12 reloads of minutes make 99.94 %; rounded down",
		},
		{
			Modules: []schema.Kind{schema.External}, Availability: 99.9,
			Reason: "our judgement: the lowest promise among the services of [a published calculation](https://github.com/Azure/reliable-web-app-pattern-dotnet/blob/00500b326c24d870a6b709a9a75989f1a4860221/assets/sla-calculation.md); " +
				"state what your contract promises",
		},
		{
			Domains: []schema.DomainKind{schema.Host}, Availability: 99.8,
			Reason: googleCluster + "1,000 machine failures; with a day for each repair, our judgement, 99.85 %; rounded down",
		},
		{
			Domains: []schema.DomainKind{schema.Rack}, Availability: 99.95,
			Reason: googleCluster + "20 racks fail, of 40 servers each, for up to 6 hours: 99.97 %; rounded down",
		},
		{
			Domains: []schema.DomainKind{schema.Power}, Availability: 99.95,
			Reason: googleCluster + "one failure of a power distribution unit, for 6 hours, takes up to half of them: 99.97 %; rounded down",
		},
		{
			Domains: []schema.DomainKind{schema.Zone}, Availability: 99.9,
			Reason: googleCloud + "a workload in one zone",
		},
		{
			Domains: []schema.DomainKind{schema.Region}, Availability: 99.99,
			Reason: googleCloud + "a workload in several zones of one region",
		},
		{
			Domains: []schema.DomainKind{schema.Provider}, Availability: 99.99,
			Reason: "our judgement: several regions are designed for 99.999 % there, but outages of whole providers last for hours and come once in several years",
		},
	}
}

// typicalOf holds the availability by kind of module, and by kind of failure domain.
var typicalOf = sync.OnceValues(func() (map[schema.Kind]float64, map[schema.DomainKind]float64) {
	modules, domains := map[schema.Kind]float64{}, map[schema.DomainKind]float64{}
	for _, v := range TypicalValues() {
		for _, k := range v.Modules {
			modules[k] = v.Availability
		}
		for _, k := range v.Domains {
			domains[k] = v.Availability
		}
	}
	return modules, domains
})

// typical gives the typical probability of an event.
func (s *System) typical(e analyzer.Event) (q float64, ok bool) {
	modules, domains := typicalOf()
	d := s.Analysis.Design
	var availability float64
	if e.Kind == analyzer.DomainEvent {
		availability, ok = domains[d.FailureDomains[e.Domain].Kind]
	} else {
		availability, ok = modules[cmp.Or(d.Modules[e.Module].Kind, schema.Service)]
	}
	return schema.Unavailability(availability), ok
}
