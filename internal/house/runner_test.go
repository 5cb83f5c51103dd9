package house

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"
)

// action is as much of an action.yml as composite actions need,
// https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax.
type action struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, ID, If, Run, Shell, Uses string
	WorkingDirectory               string `yaml:"working-directory"`
	Env, With                      map[string]string
}

func loadAction(t *testing.T) *action {
	t.Helper()
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return &a
}

// runner runs a composite action as GitHub's runner does: it evaluates what stands in ${{ }}, starts the scripts, and keeps
// their outputs. Steps that use other actions are noted and not run.
type runner struct {
	t         *testing.T
	workspace string            // the folder that is checked out
	temp      string            // RUNNER_TEMP
	path      string            // PATH
	github    map[string]any    // the context "github"
	env       map[string]string // more variables of the machine

	outputs map[string]map[string]string // of steps
	used    []usedAction
	log     string // what all steps print
	summary string
	failed  bool
	result  map[string]string // the outputs of the action
}

type usedAction struct {
	action string
	with   map[string]string
}

func (r *runner) run(a *action, inputs map[string]string) {
	t := r.t
	t.Helper()
	r.outputs = map[string]map[string]string{}
	scope := map[string]any{"github": r.github, "runner": map[string]any{"temp": r.temp, "os": "Linux", "arch": "X64"}}
	given := map[string]any{}
	scope["inputs"] = given
	for name, in := range a.Inputs {
		given[name] = r.fill(in.Default, scope)
	}
	for name, value := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			t.Fatalf("the action has no input %q", name)
		}
		given[name] = value
	}
	steps := map[string]any{}
	scope["steps"] = steps
	summary := filepath.Join(r.temp, "summary.md")
	for i, step := range a.Runs.Steps {
		if r.failed && !strings.Contains(step.If, "always()") {
			break
		}
		if step.If != "" && !truthy(r.evaluate(step.If, scope)) {
			continue
		}
		output, path := filepath.Join(r.temp, fmt.Sprintf("output-%d", i)), filepath.Join(r.temp, fmt.Sprintf("path-%d", i))
		for _, name := range []string{output, path} {
			if err := os.WriteFile(name, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if step.Uses != "" {
			with := map[string]string{}
			for key, value := range step.With {
				with[key] = r.fill(value, scope)
			}
			r.used = append(r.used, usedAction{step.Uses, with})
			if strings.HasPrefix(step.Uses, "actions/cache@") {
				steps[step.ID] = map[string]any{"outputs": map[string]any{"cache-hit": "true"}}
			}
			continue
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
		cmd.Dir = filepath.Join(r.workspace, r.fill(step.WorkingDirectory, scope))
		cmd.Env = append(gitEnvironment(goEnvironment(t)...),
			"PATH="+r.path, "GITHUB_ACTIONS=true", "CI=true", "RUNNER_TEMP="+r.temp, "GITHUB_ACTION_PATH="+mustAbs(t, "../.."), "GITHUB_WORKSPACE="+r.workspace,
			"GITHUB_OUTPUT="+output, "GITHUB_PATH="+path, "GITHUB_STEP_SUMMARY="+summary, "GITHUB_REPOSITORY=team/shop", "HOME="+r.temp)
		for key, value := range r.env {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
		for key, value := range step.Env {
			cmd.Env = append(cmd.Env, key+"="+r.fill(value, scope))
		}
		out, err := cmd.CombinedOutput()
		r.log += fmt.Sprintf("--- %s\n%s", step.Name, out)
		if err != nil {
			r.failed = true
			r.log += fmt.Sprintf("--- %s failed: %v\n", step.Name, err)
		}
		outputs := map[string]any{}
		for line := range strings.Lines(r.read(output)) {
			if key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok {
				outputs[key] = value
			}
		}
		if step.ID != "" {
			steps[step.ID] = map[string]any{"outputs": outputs}
		}
		for line := range strings.Lines(r.read(path)) {
			r.path = strings.TrimSpace(line) + ":" + r.path
		}
	}
	r.summary = r.read(summary)
	r.result = map[string]string{}
	for name, out := range a.Outputs {
		r.result[name] = r.fill(out.Value, scope)
	}
}

func (r *runner) read(file string) string {
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	return string(text)
}

// fill puts the values of expressions in their places.
func (r *runner) fill(text string, scope map[string]any) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${{")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		expression, after, ok := strings.Cut(rest, "}}")
		if !ok {
			r.t.Fatalf("an expression has no end: %s", text)
		}
		if v := r.evaluate(expression, scope); v != nil {
			fmt.Fprint(&out, v)
		}
		text = after
	}
}

// evaluate gives the value of an expression: nil, a string, a bool, a number or a map.
func (r *runner) evaluate(expression string, scope map[string]any) any {
	tree, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(strings.TrimSpace(expression) + "}}"))
	if err != nil {
		r.t.Fatalf("%s: %v", expression, err)
	}
	var value func(actionlint.ExprNode) any
	value = func(n actionlint.ExprNode) any {
		switch n := n.(type) {
		case *actionlint.VariableNode:
			v, ok := scope[n.Name]
			if !ok {
				r.t.Fatalf("%s: there is no context %q", expression, n.Name)
			}
			return v
		case *actionlint.StringNode:
			return n.Value
		case *actionlint.BoolNode:
			return n.Value
		case *actionlint.IntNode:
			return n.Value
		case *actionlint.ObjectDerefNode:
			if receiver, ok := value(n.Receiver).(map[string]any); ok {
				return receiver[n.Property]
			}
			return nil
		case *actionlint.NotOpNode:
			return !truthy(value(n.Operand))
		case *actionlint.CompareOpNode:
			// GitHub compares what is not there with '' as equal, and strings without regard to case.
			equal := strings.EqualFold(asString(value(n.Left)), asString(value(n.Right)))
			switch n.Kind {
			case actionlint.CompareOpNodeKindEq:
				return equal
			case actionlint.CompareOpNodeKindNotEq:
				return !equal
			}
		case *actionlint.LogicalOpNode:
			left := value(n.Left)
			if (n.Kind == actionlint.LogicalOpNodeKindAnd) == truthy(left) {
				return value(n.Right)
			}
			return left
		}
		r.t.Fatalf("%s: this test cannot evaluate %T", expression, n)
		return nil
	}
	return value(tree)
}

func asString(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func truthy(v any) bool { return v != nil && v != "" && v != false && v != 0 }
