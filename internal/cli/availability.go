package cli

import urfave "github.com/urfave/cli/v2"

var availabilityCommand = &command{
	name: "availability", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "compute how available journeys and modules can be",
	run: func(_ *session, _ *urfave.Context) error { return usagef("not there yet") },
}
