package cli

import urfave "github.com/urfave/cli/v2"

var whatifCommand = &command{
	name: "whatif", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "show what fails, and what is left, when something fails",
	run: func(_ *session, _ *urfave.Context) error { return usagef("not there yet") },
}
