package cli

import urfave "github.com/urfave/cli/v2"

var improveCommand = &command{
	name: "improve", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "find the cheapest changes that reach a goal, and prove them",
	run: func(_ *session, _ *urfave.Context) error { return usagef("not there yet") },
}
