// Package diagram turns a design, its facts and its findings into one drawing model, the Diagram:
// what a picture shows, before anything has a place or a colour. Every output format is written from it:
//
//	Build ─▶ Diagram ─▶ source (DOT, Mermaid, D2, PlantUML)
//	                └─▶ layout ─▶ scene ─▶ svg, raster (PNG), pdf, page (HTML)
//
// Diagrams are the same for the same design and options, in every order of declaration.
package diagram

import "lintel/schema"

// Diagram is what a picture shows.
type Diagram struct {
	System      string
	Title       string // the heading
	Subtitle    string // what is shown of the system: "journey checkout", "what fails with zone-a"; "" for all of it
	Description string // some sentences for people who can't see the picture
	Stamp       string // date and version, "" unless asked for

	View    View
	GroupBy GroupBy
	Flow    Flow

	// Nodes are in order of module name and, for nodes of one module, failure domain, each followed by its
	// forks. Groups as one box come last, in order of name.
	Nodes  []*Node
	Groups []*Group // parents before their children, else in order of name
	Edges  []*Edge  // in order of From, To, When, Strength, Mode, the gravest of several first
	Matrix *Matrix  // of ViewMatrix, which has no nodes, groups and edges; else nil

	Findings []*Finding // Findings[i] has the number i+1
	Failure  *Failure   // nil unless failures were chosen
	Changed  bool       // changes since another state are marked

	// Notes are sentences for the reader of the picture, such as what was left out of it.
	Notes []string
	// LeftOut are those of Notes that say what of it is not drawn or marked: a reader has to know before he looks.
	LeftOut []string
	// Reduced says, for stderr, that Build chose a smaller view than was asked for and why; else "".
	Reduced string
}

// View says what kind of picture is drawn.
type View string

// The views.
const (
	ViewAuto       View = ""           // ViewModules, or ViewOverview above LargeDesign modules
	ViewOverview   View = "overview"   // one box a group, with counts
	ViewModules    View = "modules"    // every module and dependency
	ViewDeployment View = "deployment" // the replicas in the failure domains where they are placed
	ViewJourney    View = "journey"    // what one journey needs
	ViewMatrix     View = "matrix"     // a dependency structure matrix
)

// LargeDesign is the number of modules above which ViewAuto means ViewOverview.
const LargeDesign = 150

// GroupBy says what the frames around nodes stand for.
type GroupBy string

// What nodes are grouped by.
const (
	GroupByAuto   GroupBy = "" // group, team or layer, the first that the design states; else none
	GroupByGroup  GroupBy = "group"
	GroupByTeam   GroupBy = "team"
	GroupByLayer  GroupBy = "layer"
	GroupByZone   GroupBy = "zone"   // the failure domains of kind zone and what holds them
	GroupByRegion GroupBy = "region" // the failure domains of kind region and what holds them
	GroupByDomain GroupBy = "domain" // all failure domains, as ViewDeployment does
	GroupByKind   GroupBy = "kind"   // what modules are; summaries fall back to it where the design groups nothing
	GroupByNone   GroupBy = "none"
)

// Flow is the direction in which dependencies lead.
type Flow string

// The flows.
const (
	FlowDown  Flow = "down"
	FlowRight Flow = "right"
)

// Role says what a node stands for.
type Role uint8

// The roles of nodes.
const (
	ModuleNode  Role = iota // a module, or those of its replicas that stand in one failure domain
	SummaryNode             // a group drawn as one box
	ChoiceNode              // the fork of a dependency with alternatives (anyOf)
)

// State says how a node, edge or group fares after the failures that were chosen.
type State uint8

// The states.
const (
	Works    State = iota
	Degraded       // works without a soft dependency
	Down           // does not work, because of something else
	Failed         // failed itself: it is, or lost its capacity by, a chosen event
)

// Node is one box of the picture.
type Node struct {
	Role Role
	// Name is the module's, the group's, or that of a choice's dependency. It may hold any text.
	Name   string
	Module int32 // index in the analysis; -1 for nodes of other roles
	Group  int   // index in Groups of the innermost frame around it; -1 for none

	Kind        schema.Kind // of a module
	Technology  string
	Description string
	Links       []schema.Link
	Tags        []string
	Team        string
	Tier        *int
	Entry       bool // called from outside
	State       State
	// DownBefore says that it was down before any failure that was chosen; of a summary, that all of it was.
	DownBefore bool

	// Replicas is the number of replicas that this node shows, and Of that of the whole module: fewer
	// are shown where they are spread over failure domains.
	Replicas, Of int
	// Lost is the number of the shown replicas that are down after the failures that were chosen.
	Lost int
	// ScalesTo is the most replicas that autoscaling may start; 0 where there is none.
	ScalesTo int
	// Redundancy says in words how the replicas stand in for each other; "" where one alone suffices
	// or there is only one: "quorum, 2 needed", "active-passive, manual failover".
	Redundancy string

	// Members is the number of modules that a summary stands for, MembersDown that of those which do not
	// work, Need of Alternatives what a choice demands. Unknown of these the design does not have.
	Members            int
	MembersDown        int
	FailedInside       []string // of a summary that did not fail itself: its modules that were chosen to fail
	Need, Alternatives int
	Unknown            int

	// UsedBy and Uses are the numbers of boxes that use it and that it uses, where lines are left out of an
	// overview because these are most of all boxes; else 0.
	UsedBy, Uses int

	Faded  bool // drawn faintly: not what the picture is about
	Change Change
	// ChangeNote says what changed: "replicas 3 → 1", of a group as one box how many: "2 added, 1 changed"; else "".
	ChangeNote string
	Marks      []int // numbers of the findings whose culprit it is, ascending
	OnPath     []int // numbers of the findings whose path leads through it, ascending
}

// Group is a frame around nodes and other groups.
type Group struct {
	Name   string
	Kind   string // "group", "team", "layer", or a failure domain's kind
	Parent int    // index in Groups, less than its own; -1 for none
	State  State
	Faded  bool
	Change Change
	Marks  []int // numbers of the findings whose culprit it is
}

// Edge is one line of the picture. Between two modules it stands for the dependencies that are alike in
// Mode, Strength and When, and others have lines beside it; where an end is a group drawn as one box, it
// stands for all between the two.
type Edge struct {
	From, To int // indices of Nodes
	// Dependencies are the indices in the analysis of those that the line stands for.
	Dependencies []int32
	// Mode, Strength and When are those of the gravest of the dependencies: first of all what is needed at run
	// time, then what is hard, then what is synchronous.
	Mode     schema.Mode
	Strength schema.Strength
	When     schema.Phase
	// Protocol is that of the dependencies: "grpc", of two "grpc, http", of more "grpc, http, …". It is "" where one
	// states none, on lines of groups drawn as boxes, and between a fork and its alternatives.
	Protocol string
	Count    int   // of dependencies, at least 1
	State    State // Down: what it needs is not there, and its caller fails; Degraded: and its caller goes on without
	Faded    bool
	Change   Change
	// ChangeNote says what changed: "strength soft → hard"; of several dependencies how many: "2 added, 1 removed"; else "".
	ChangeNote string
	// InCycle says that both ends are in one cycle of what is needed to run or to start; where changes are told, that
	// they are in one now and were not before.
	InCycle bool
	Marks   []int // numbers of the findings whose culprit it is
	OnPath  []int // numbers of the findings whose path it is on
}

// Finding is one finding that the picture marks.
type Finding struct {
	Number   int
	Rule     string // id
	Severity string // error, warning or info
	Subject  string
	Message  string
	Place    string // file:line
	Hint     string // the first suggestion, "" where there is none
}

// Failure tells what the chosen failures bring down, beyond what was down before them.
type Failure struct {
	Events   []string // as they were named, sorted
	Down     int      // modules that work no more
	Degraded int      // modules that now work without a soft dependency
	Lost     []string // journeys that work no more
	Limping  []string // journeys that work, now degraded
	Journeys int      // all journeys

	// What was so before any failure, and still is.
	DownBefore     int
	DegradedBefore int
	LostBefore     []string
	LimpingBefore  []string
}

// Matrix is a dependency structure matrix: Cells[r][c] tells what row r needs of column c. Rows and
// columns are the same modules, or groups, in an order that puts those that others need last, cycles together.
type Matrix struct {
	Rows  []MatrixRow
	Cells []MatrixCell // sorted by row, then column; the others are empty
	Bands []MatrixBand // runs of rows that belong together
}

// MatrixRow is one row, and the column of the same index.
type MatrixRow struct {
	Name    string
	Module  int32 // index in the analysis, or -1
	Kind    schema.Kind
	Group   string
	Members int // modules it stands for; 1 for a module
	Marks   []int
	State   State
	Change  Change
	// ChangeNote is that of a node.
	ChangeNote string
	// DownBefore says that it was down before any failure that was chosen; of a group, that all of it was.
	DownBefore bool
}

// MatrixCell is a cell that is not empty.
type MatrixCell struct {
	Row, Column int
	Count       int // of dependencies
	Hard        bool
	InCycle     bool // both are in one cycle of what is needed to run or to start, and so is what the cell counts
	Change      Change
	Marks       []int
}

// MatrixBand is a run of rows: First up to, not including, End.
type MatrixBand struct {
	Kind       string // "cycle" or "group"
	Name       string
	First, End int
}
