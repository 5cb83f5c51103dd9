// Package resilience computes with the fault trees of a design: how likely each journey and module is to fail, which
// combinations of failures bring it down, and what contributes most.
//
// It follows the failure model of the analyzer and nothing else. Every figure is exact, or says that it is not.
package resilience
