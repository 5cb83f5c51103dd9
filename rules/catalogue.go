package rules

import "slices"

// catalogue lists every rule in order of category and id. A rule is added here and nowhere else.
var catalogue []*Rule

// The list is filled at start-up, and not where it is declared, because rules ask about each other
// through it.
func init() {
	catalogue = []*Rule{
		singlePointOfFailure,
		externalWithoutFallback,
		sharedFailureDomain,
		availabilityInversion,
		quorumAtRisk,
		alternativesShareFate,
		protectionSharesFate,
		startupCycle,
		tierInversion,
		manualFailover,
		largeBlastRadius,
		unachievableSLO,
		sloInversion,
		dualPointOfFailure,
		commonCause,
		crossDomainHardCall,
		recoveryNeedsWhatItRecovers,
		underReplicated,
		datastoreNotReplicated,
		replicatedWithoutLoadBalancer,
		localSessionInCluster,
		placementSkew,
		noBackup,
		noSpare,
		asynchronousFailover,
		autoscalingFloor,
		dependencyCycle,
		highFanOut,
		highFanIn,
		hubLikeDependency,
		sharedDatabase,
		synchronousChain,
		mutualDependency,
		unstableDependency,
		coupledDeployment,
		distributedMonolith,
		lowCohesionGroup,
		tightlyCoupledTeams,
		sharedBoundedContext,
		isolatedModule,
		bypassedGateway,
		overFineGrained,
		unevenGranularity,
		unguardedCall,
		timeoutInversion,
		retryAmplification,
		retryWithoutBackoff,
		softWithoutFallback,
		latencyBudgetExceeded,
		undefinedInterface,
		uncoordinatedTransaction,
		twoPhaseCommitAcrossServices,
		dualWrite,
		insufficientCapacity,
		notStaticallyStable,
		unknownReference,
		contradiction,
		unownedModule,
		hyg004,
		redundantStatement,
		idlePolicy,
	}
	for _, r := range catalogue {
		byName[r.ID], byName[r.Name] = r, r
	}
}

var byName = map[string]*Rule{}

// All returns every rule, in the order in which they are documented and run.
func All() []*Rule { return slices.Clone(catalogue) }

// Find returns a rule by its id or its name.
func Find(idOrName string) (*Rule, bool) {
	r, ok := byName[idOrName]
	return r, ok
}
