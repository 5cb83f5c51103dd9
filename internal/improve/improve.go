// Package improve searches for the cheapest changes by which a design reaches a goal.
package improve
