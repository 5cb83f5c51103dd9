package cli

import urfave "github.com/urfave/cli/v2"

var exportCommand = &command{
	name: "export", args: "", maxArgs: 1, takes: design,
	summary: "write the analysis for other programs",
	run: func(_ *session, _ *urfave.Context) error { return usagef("not there yet") },
}
