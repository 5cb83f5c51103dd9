package cli

import urfave "github.com/urfave/cli/v2"

var cutSetsCommand = &command{
	name: "cutsets", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "list the combinations of failures that bring a journey down",
	run: func(_ *session, _ *urfave.Context) error { return usagef("not there yet") },
}
