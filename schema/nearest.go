package schema

import (
	"fmt"
	"strings"
)

// nearest gives the one of names that name was most likely meant to be, or "".
func nearest(name string, names []string) string {
	const longest = 40
	if len(name) > longest || name == "" {
		return ""
	}
	plain := letters(name)
	best, least := "", 1+len(plain)/3
	for _, n := range names {
		if letters(n) == plain {
			return n
		}
		if d := EditDistance(plain, letters(n), least); d < least || d == least && best == "" && d < len(plain) {
			best, least = n, d
		}
	}
	if best == "" && len(plain) >= 4 { // an abbreviation, or a longer form
		for _, n := range names {
			if l := letters(n); len(l) >= 4 && (strings.HasPrefix(l, plain) || strings.HasPrefix(plain, l)) {
				return n
			}
		}
	}
	return best
}

// letters drops what people write in different ways: case, -, _, blanks.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '-', '_', ' ', '.':
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// synonym is another word for a field or value. Words are in the form that letters gives.
type synonym struct {
	means string
	words string // separated by blanks
}

// fieldSynonyms are by the name of the definition that the fields belong to.
var fieldSynonyms = map[string][]synonym{
	"System": {
		{"system", "name title app application project product architecture id"},
		{"modules", "services components containers nodes service component elements parts microservices workloads"},
		{"failureDomains", "domains zones regions availabilityzones locations hosts infrastructure faultdomains"},
		{"journeys", "userjourneys flows usecases scenarios paths journey"},
		{"transactions", "sagas"},
		{"lint", "linting settings config rules waivers policies ignore checks lintel"},
	},
	"Module": {
		{"kind", "type class category"},
		{"dependsOn", "deps dep depends dependencies dependency requires needs uses calls consumes upstream downstream relations relationships"},
		{"replicas", "replica instances instance count copies scale nodes size pods desiredcount replicacount"},
		{"team", "owner owners ownedby squad maintainer maintainers"},
		{"group", "subsystem domain boundedcontext context namespace"},
		{"tier", "criticality critical priority importance severity"},
		{"entry", "entrypoint public exposed ingress external edge frontdoor"},
		{"description", "desc doc docs summary about comment notes note"},
		{"technology", "tech language framework runtime image stack"},
		{"placement", "zones zone regions region locations location az azs availabilityzones runson domains"},
		{"autoscaling", "autoscale hpa autoscaler scaling"},
		{"redundancy", "ha highavailability resilience replication failover mode"},
		{"loadBalancing", "lb loadbalancer balancing balancer"},
		{"availability", "uptime"},
		{"mtbf", "mttf meantimebetweenfailures meantimetofailure"},
		{"mttr", "meantimetorepair meantimetorecovery recoverytime repairtime"},
		{"slo", "sla objective objectives"},
		{"latency", "responsetime"},
		{"capacity", "throughput rps qps maxrps"},
		{"backup", "backups"},
		{"deploy", "deployment release deployunit"},
		{"operations", "endpoints apis methods"},
		{"tags", "labels"},
		{"links", "urls url link"},
		{"session", "sessions"},
	},
	"Dependency": {
		{"to", "target module service on name"},
		{"anyOf", "oneof alternatives alternative either or targets"},
		{"need", "needs min minimum quorum required"},
		{"mode", "type style communication interaction sync async"},
		{"strength", "hard soft optional criticality critical kind"},
		{"when", "phase"},
		{"protocol", "proto interface api over"},
		{"description", "desc doc summary comment note"},
		{"timeout", "timeouts deadline maxlatency"},
		{"retries", "retry attempts maxretries"},
		{"circuitBreaker", "breaker cb"},
		{"calls", "callsperrequest rate ratio weight fanout"},
		{"access", "permissions usage operation"},
		{"fallback", "default degraded onfailure"},
	},
	"Redundancy": {
		{"mode", "type kind style"},
		{"need", "needs min required quorum minimum"},
		{"failover", "takeover"},
		{"replication", "sync"},
	},
	"Autoscaling":   {{"min", "minimum minreplicas floor"}, {"max", "maximum maxreplicas ceiling"}},
	"Session":       {{"kept", "mode kind type where storage"}, {"in", "store to at"}},
	"Backup":        {{"to", "target in store destination"}, {"every", "interval frequency schedule period"}, {"tested", "verified restored"}},
	"SLO":           {{"availability", "uptime"}, {"latency", "responsetime p99 p95"}},
	"Capacity":      {{"perReplica", "replica rps qps perinstance requests"}},
	"Deploy":        {{"unit", "name with group pipeline"}, {"strategy", "mode kind type"}},
	"Retries":       {{"max", "count attempts maximum maxattempts limit"}, {"backoff", "delay wait pause"}},
	"FailureDomain": {{"kind", "type"}, {"in", "parent within partof region zone of"}, {"availability", "uptime"}, {"mtbf", "mttf"}, {"mttr", "repairtime"}},
	"Journey":       {{"entry", "start from module entrypoint begin"}, {"uses", "needs dependson requires modules steps"}, {"peak", "load rps qps demand rate"}, {"slo", "sla"}},
	"Transaction":   {{"spans", "modules services participants uses over"}, {"coordination", "coordinator pattern kind type protocol"}},
	"Lint":          {{"rules", "rule checks settings"}, {"waivers", "waiver ignore ignores exceptions suppress suppressions baseline"}, {"policies", "policy custom"}},
	"Waiver":        {{"rule", "id check rules name"}, {"at", "on subject module target for where"}, {"reason", "why because comment justification description"}, {"until", "expires expiry expiration deadline"}, {"ticket", "issue jira link url"}},
	"Settings":      {{"lint", "rules settings waivers"}},
}

// valueSynonyms are by the field's name.
var valueSynonyms = map[string][]synonym{
	"kind": {
		{"database", "postgres postgresql mysql mariadb mongodb mongo oracle mssql sqlserver rds aurora dynamodb cassandra cockroachdb spanner db sql nosql datastore store sqlite keyvalue kv"},
		{"cache", "redis memcached memcache valkey cdn"},
		{"queue", "kafka rabbitmq sqs nats pulsar mq messagequeue broker messagebroker eventbus topic stream pubsub activemq kinesis bus"},
		{"load-balancer", "lb alb nlb elb haproxy nginx balancer loadbalancer vip"},
		{"gateway", "apigateway ingress proxy kong envoy edge reverseproxy"},
		{"object-store", "s3 gcs minio blob blobstore bucket objectstorage storage filestore"},
		{"search", "elasticsearch opensearch solr index"},
		{"discovery", "consul eureka zookeeper serviceregistry registry etcd"},
		{"config", "configuration configserver vault parameterstore configstore"},
		{"identity", "auth authentication iam oauth idp keycloak sso login"},
		{"monitoring", "prometheus grafana observability metrics logging tracing alerting"},
		{"external", "thirdparty saas vendor partner remote 3rdparty"},
		{"frontend", "web ui spa webapp website client mobile"},
		{"function", "lambda faas serverless cloudfunction"},
		{"job", "batch cron cronjob task scheduled"},
		{"worker", "consumer daemon processor background"},
		{"service", "microservice api backend app application server"},
		{"network", "vpn switch router firewall"},
		{"dns", "route53 coredns nameserver"},
		{"zone", "az availabilityzone datacenter datacentre dc"},
		{"host", "server machine node vm hypervisor"},
		{"provider", "cloud vendor aws gcp azure"},
		{"power", "pdu ups"},
		{"region", "geo geography"},
	},
	"mode": {
		{"async", "asynchronous event message fireandforget queue"},
		{"sync", "synchronous blocking rpc request"},
		{"active-passive", "standby primarystandby masterslave primaryreplica leaderfollower hotstandby"},
		{"active-active", "activeactive multimaster active"},
		{"quorum", "raft paxos consensus majority"},
	},
	"strength":      {{"soft", "optional weak degraded besteffort nice"}, {"hard", "required mandatory critical strong must"}},
	"when":          {{"startup", "start boot init"}, {"runtime", "run always"}, {"deploy", "deployment build release"}, {"recovery", "recover restore repair"}},
	"access":        {{"read-write", "rw readwrite both all"}, {"read", "r ro readonly"}, {"write", "w wo writeonly"}},
	"failover":      {{"automatic", "auto true"}, {"manual", "none false"}},
	"replication":   {{"synchronous", "sync"}, {"asynchronous", "async"}},
	"state":         {{"stateful", "persistent"}, {"stateless", "none"}, {"session", "sessions"}},
	"kept":          {{"shared", "redis store external database central"}, {"sticky", "affinity"}, {"local", "memory inmemory replica"}},
	"loadBalancing": {{"platform", "kubernetes k8s service ecs"}, {"proxy", "loadbalancer nginx haproxy envoy lb"}, {"client", "clientside ribbon grpc"}, {"none", "no off false"}},
	"strategy":      {{"rolling", "rollingupdate default"}, {"blue-green", "bluegreen bg"}, {"recreate", "restart replace"}},
	"coordination":  {{"2pc", "twophasecommit xa twophase"}, {"saga", "sagas choreography orchestration"}, {"none", "no"}},
	"backoff":       {{"exponential", "exp true"}, {"constant", "fixed"}, {"none", "no false"}},
	"severity":      {{"off", "none disabled disable ignore false"}, {"warning", "warn"}, {"error", "err"}, {"info", "note notice"}},
}

// fromSynonyms gives what a word stands for, if that is one of names.
func fromSynonyms(word string, names []string, list []synonym) string {
	plain := letters(word)
	if plain == "" {
		return ""
	}
	for _, s := range list {
		for w := range strings.FieldsSeq(s.words) {
			if w == plain {
				for _, n := range names {
					if n == s.means {
						return n
					}
				}
			}
		}
	}
	return ""
}

// synonymsOf gives the synonyms of the values of a field.
func synonymsOf(label string, t *valueType) []synonym {
	if allowsValue(t.text, "off") && allowsValue(t.text, "warning") {
		return valueSynonyms["severity"]
	}
	return valueSynonyms[label]
}

// nearestValue gives the value that was most likely meant, or "".
func nearestValue(s string, values []string, list []synonym) string {
	if v := nearestExact(s, values); v != "" {
		return v
	}
	if v := fromSynonyms(s, values, list); v != "" {
		return v
	}
	return nearest(s, values)
}

// nearestExact gives the name that differs from s in case and separators only, or "".
func nearestExact(s string, names []string) string {
	if len(s) > 64 {
		return ""
	}
	plain := letters(s)
	for _, n := range names {
		if letters(n) == plain {
			return n
		}
	}
	return ""
}

// fieldHint says what to write instead of an unknown field.
func fieldHint(name string, t *valueType, at *spot) string {
	names := t.fields.names()
	if m := nearestExact(name, names); m != "" {
		return didYouMean(m)
	}
	// A word that is right a level below or in another part of the language is a matter of place.
	near := nearest(name, names)
	close := near != "" && EditDistance(letters(name), letters(near), 1) <= 1
	if !close {
		for i := range t.fields.known {
			k := &t.fields.known[i]
			if k.typ.fields == nil {
				continue
			}
			if inner := k.typ.fields.field(name); inner != nil {
				return fmt.Sprintf("it belongs in %s: %s: {%s}", k.name, k.name, example(name, inner.typ))
			}
			if e := k.typ.fields.elem; e != nil && e.fields != nil {
				if inner := e.fields.field(name); inner != nil {
					return fmt.Sprintf("it belongs to a %s: %s: {NAME: {%s}}", noun(k.name), k.name, example(name, inner.typ))
				}
			}
		}
		if m := fromSynonyms(name, names, fieldSynonyms[t.name]); m != "" {
			return didYouMean(m)
		}
	}
	if near != "" {
		return didYouMean(near)
	}
	switch {
	case t.name == "Example" && at.in != nil && at.in.in != nil && typeExample.fields.field(at.field) != nil:
		return "an example has a name, or stands in a list: " + at.in.field + ": NAME: " + at.field + ": {…}"
	case t.name == "RuleSettings":
		return "lintel rules lists the rules"
	case t.name == "PolicySettings":
		return "a policy has no setting but severity; lintel rules lists the rules, of which some have more"
	case at.in == nil:
		return fmt.Sprintf("the fields are %s; names of your own start with _ or #, as _%s", strings.Join(names, ", "), ownName(name))
	case len(names) == 0:
		return "it has no fields"
	}
	return "the fields are " + strings.Join(names, ", ")
}

func didYouMean(name string) string { return fmt.Sprintf("did you mean %q?", name) }

func ownName(name string) string {
	if isIdentifier(name) && len(name) < 30 {
		return name
	}
	return "shared"
}
