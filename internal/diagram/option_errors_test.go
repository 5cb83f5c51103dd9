package diagram_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

func TestOptionErrors(t *testing.T) {
	only := func(field string, values ...string) []diagram.Selector {
		return []diagram.Selector{{Field: field, Values: values}}
	}
	for _, c := range []struct {
		want string
		o    diagram.Options
	}{
		{`--view: "overvew" is none of its values; did you mean "overview"?`, diagram.Options{View: "overvew"}},
		{`--group-by: "zones" is none of its values; did you mean "zone"?`, diagram.Options{GroupBy: "zones"}},
		{`--flow: "up" is none of its values; there is down, right`, diagram.Options{Flow: "up"}},
		{`--direction: "sideways" is none of its values; there is up, down, both`, diagram.Options{Direction: "sideways"}},
		{`--rest: "blur" is none of its values; there is fade, drop`, diagram.Options{Rest: "blur"}},
		{`--depth: -1 steps; give 1 or more`, diagram.Options{Depth: -1}},
		{`--group-by: the deployment view shows failure domains, not "team"; use zone, region or domain`, diagram.Options{View: diagram.ViewDeployment, GroupBy: diagram.GroupByTeam}},
		{`--group-by: a module may stand in several failure domains, so the matrix can't go by zone; use group, team or layer, or --view deployment`, diagram.Options{View: diagram.ViewMatrix, GroupBy: diagram.GroupByZone}},
		{`--group-by: the overview draws a box for each group; use group, team or layer, or --view modules`, diagram.Options{View: diagram.ViewOverview, GroupBy: diagram.GroupByNone}},
		{`--group-by: no module that is drawn states its layer`, diagram.Options{GroupBy: diagram.GroupByLayer}},
		{`--group-by: no module that is drawn is placed in a zone; state failureDomains, and the placement of modules in them`, diagram.Options{GroupBy: diagram.GroupByZone, Only: only("kind", "queue")}},
		{`--journey: no journey "bye"; did you mean "buy"?`, diagram.Options{Journey: "bye"}},
		{`--journey: the design has 2 journeys; name one: browse and buy`, diagram.Options{View: diagram.ViewJourney}},
		{`--journey: browse, with what else was chosen, leaves nothing to draw`, diagram.Options{Journey: "browse", Only: only("name", "mail")}},
		{`--focus: no module "order"; did you mean "orders"?`, diagram.Options{Focus: []string{"order"}}},
		{`--focus: mail, with what else was chosen, leaves nothing to draw`, diagram.Options{Focus: []string{"mail"}, Journey: "browse", Direction: diagram.Deep}},
		{`--only: no module has kind "job"; there is database, external, gateway, queue, search, service`, diagram.Options{Only: only("kind", "job")}},
		{`--only: no module has team "bak"; did you mean "back"?`, diagram.Options{Only: only("team", "front", "bak")}},
		{`--only: modules can't be chosen by "colour"; there is kind, group, team, layer, tag, tier, name`, diagram.Options{Only: only("colour", "red")}},
		{`--only: team=front leaves nothing to draw`, diagram.Options{Only: []diagram.Selector{{Field: "team", Values: []string{"back"}}, {Field: "team", Values: []string{"front"}}}}},
		{`--hide: no module has layer "x"`, diagram.Options{Hide: only("layer", "x")}},
		{`--hide: name=* leaves nothing to draw`, diagram.Options{Hide: only("name", "*")}},
		{`--collapse: no group "ordring" is drawn; did you mean "ordering"?`, diagram.Options{Collapse: []string{"ordring"}}},
		{`--collapse: no failure domain "zone-c" is drawn; did you mean "zone-a"?`, diagram.Options{View: diagram.ViewDeployment, Collapse: []string{"zone-c"}}},
		{`--collapse: nothing is grouped; choose what to group by with --group-by`, diagram.Options{GroupBy: diagram.GroupByNone, Collapse: []string{"*"}}},
	} {
		_, err := diagram.Build(analyzer.New(shop()), nil, c.o)
		var e *diagram.OptionError
		if !errors.As(err, &e) {
			t.Errorf("got %v, want %s", err, c.want)
		} else if err.Error() != c.want {
			t.Errorf("\n got %s\nwant %s", err, c.want)
		}
	}

	nothing := &schema.Design{System: "nothing"}
	if _, err := diagram.Build(analyzer.New(nothing), nil, diagram.Options{}); err == nil {
		t.Error("a design without modules is drawn")
	}
	stray := &schema.Design{System: "stray", Modules: []*schema.Module{{Name: "a", Replicas: 1}}, Journeys: []*schema.Journey{{Name: "j", Entry: schema.Ref{Name: "b"}}}}
	stray.Normalize()
	_, err := diagram.Build(analyzer.New(stray), nil, diagram.Options{View: diagram.ViewJourney})
	if want := `--journey: j starts at "b", which is no module`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	pair := &schema.Design{System: "pair", Modules: []*schema.Module{
		{Name: "a", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "b"}}}, {Name: "b", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "a"}}},
	}}
	pair.Normalize()
	_, err = diagram.Build(analyzer.New(pair), nil, diagram.Options{View: diagram.ViewJourney})
	if want := "--journey: the design has no journeys; state them under journeys, or entry: true at modules that users call"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParseFailuresErrors(t *testing.T) {
	a := analyzer.New(shop())
	for text, want := range map[string]string{
		"ordrs":    `--fail: no module or failure domain "ordrs"; did you mean "orders"?`,
		"orders/4": `--fail: orders has no replica 4; it has 3: write "orders/1" to "orders/3"`,
		"zone-a/1": `--fail: zone-a is a failure domain, which has no replicas; write "zone-a"`,
	} {
		_, err := diagram.ParseFailures(a, "web", text)
		var e *diagram.OptionError
		if !errors.As(err, &e) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestParseSelector(t *testing.T) {
	for text, want := range map[string]diagram.Selector{
		"kind=database,cache": {Field: "kind", Values: []string{"database", "cache"}},
		"kind=data*":          {Field: "kind", Values: []string{"data*"}},
		" team = a b , c ":    {Field: "team", Values: []string{"a b", "c"}},
		"name=x=y":            {Field: "name", Values: []string{"x=y"}},
		`group=a\,b,c`:        {Field: "group", Values: []string{"a,b", "c"}},
		`name=a\b`:            {Field: "name", Values: []string{`a\b`}},
		"tier=0,3":            {Field: "tier", Values: []string{"0", "3"}},
	} {
		got, err := diagram.ParseSelector("only", text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", text, diff)
		}
		if again, err := diagram.ParseSelector("only", got.String()); err != nil || !cmp.Equal(got, again) {
			t.Errorf("%s is written as %s, which reads %v, %v", text, got, again, err)
		}
	}
	for text, want := range map[string]string{
		"":             `--hide: "" is no selector; write FIELD=VALUE, as in kind=database,cache`,
		"database":     `--hide: "database" is no selector; write FIELD=VALUE, as in kind=database,cache`,
		"=x":           `--hide: "=x" is no selector; write FIELD=VALUE, as in kind=database,cache`,
		"kind=":        `--hide: "kind=" lacks a value; write FIELD=VALUE, as in kind=database,cache`,
		"kind=a,,b":    `--hide: no kind of module is "a"; there is frontend, gateway, load-balancer, service, worker, job, function, database, cache, queue, object-store, search and 7 more`,
		"kinds=cache":  `--hide: modules can't be chosen by "kinds"; did you mean "kind"?`,
		"kind=databse": `--hide: no kind of module is "databse"; did you mean "database"?`,
		"tier=4":       `--hide: no tier is "4"; tiers are 0 (most critical) to 3`,
	} {
		if _, err := diagram.ParseSelector("hide", text); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}
