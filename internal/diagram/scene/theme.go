package scene

import "sync"

// Ink names a colour by its role.
type Ink uint8

// Color is an opaque colour.
type Color struct{ R, G, B uint8 }

// Theme gives every ink its colour.
type Theme struct {
	Name   string // light, dark or print
	Colors [inks]Color
}

// None is no ink: nothing is drawn. The others follow. Areas lie beneath texts and lines; "Line" is an
// outline or sign, "On" what is written upon an area, "Tint" a pale area.
const (
	None Ink = iota

	Paper      // the sheet
	Foreground // names, headings
	Muted      // captions, notes
	Rule       // decoration: lines that separate
	Surface    // the area of a node
	Panel      // the area of a box of text

	FrameFill     // a group
	FrameFillDeep // a group in a group
	FrameLine

	EdgeLine
	EdgeText

	// A family of kinds has an outline, a tile that the icon stands on, and the icon.
	ComputeLine
	ComputeTile
	ComputeIcon
	TrafficLine
	TrafficTile
	TrafficIcon
	DataLine
	DataTile
	DataIcon
	MessageLine
	MessageTile
	MessageIcon
	PlatformLine
	PlatformTile
	PlatformIcon
	ExternalLine
	ExternalTile
	ExternalIcon
	GroupLine
	GroupTile
	GroupIcon

	// What a finding's severity is.
	ErrorLine
	ErrorFill
	OnError
	WarningLine
	WarningFill
	OnWarning
	InfoLine
	InfoFill
	OnInfo

	// How a part fares after a failure.
	FailedLine
	FailedTint
	FailedHatch
	FailedFill
	OnFailed
	DownLine
	DownTint
	DownHatch
	DownFill
	OnDown
	DegradedLine
	DegradedTint
	DegradedFill
	OnDegraded

	// What became of a part since another state of the design.
	AddedLine
	AddedTint
	AddedFill
	OnAdded
	RemovedLine
	RemovedTint
	RemovedFill
	OnRemoved
	ChangedLine
	ChangedTint
	ChangedFill
	OnChanged

	CycleLine

	FadedLine
	FadedText
	FadedTile
	FadedIcon

	// A matrix.
	CellHard
	OnCellHard
	CellSoft
	CellCycle
	OnCellCycle
	Diagonal
	Band

	inks
)

// Inks is the number of inks: Ink(1) up to, not including, Ink(Inks) have a colour.
const Inks = int(inks)

var inkNames = [inks]string{
	None: "none", Paper: "paper", Foreground: "foreground", Muted: "muted", Rule: "rule", Surface: "surface", Panel: "panel",
	FrameFill: "frame-fill", FrameFillDeep: "frame-fill-deep", FrameLine: "frame-line",
	EdgeLine: "edge-line", EdgeText: "edge-text",
	ComputeLine: "compute-line", ComputeTile: "compute-tile", ComputeIcon: "compute-icon",
	TrafficLine: "traffic-line", TrafficTile: "traffic-tile", TrafficIcon: "traffic-icon",
	DataLine: "data-line", DataTile: "data-tile", DataIcon: "data-icon",
	MessageLine: "message-line", MessageTile: "message-tile", MessageIcon: "message-icon",
	PlatformLine: "platform-line", PlatformTile: "platform-tile", PlatformIcon: "platform-icon",
	ExternalLine: "external-line", ExternalTile: "external-tile", ExternalIcon: "external-icon",
	GroupLine: "group-line", GroupTile: "group-tile", GroupIcon: "group-icon",
	ErrorLine: "error-line", ErrorFill: "error-fill", OnError: "on-error",
	WarningLine: "warning-line", WarningFill: "warning-fill", OnWarning: "on-warning",
	InfoLine: "info-line", InfoFill: "info-fill", OnInfo: "on-info",
	FailedLine: "failed-line", FailedTint: "failed-tint", FailedHatch: "failed-hatch", FailedFill: "failed-fill", OnFailed: "on-failed",
	DownLine: "down-line", DownTint: "down-tint", DownHatch: "down-hatch", DownFill: "down-fill", OnDown: "on-down",
	DegradedLine: "degraded-line", DegradedTint: "degraded-tint", DegradedFill: "degraded-fill", OnDegraded: "on-degraded",
	AddedLine: "added-line", AddedTint: "added-tint", AddedFill: "added-fill", OnAdded: "on-added",
	RemovedLine: "removed-line", RemovedTint: "removed-tint", RemovedFill: "removed-fill", OnRemoved: "on-removed",
	ChangedLine: "changed-line", ChangedTint: "changed-tint", ChangedFill: "changed-fill", OnChanged: "on-changed",
	CycleLine: "cycle-line",
	FadedLine: "faded-line", FadedText: "faded-text", FadedTile: "faded-tile", FadedIcon: "faded-icon",
	CellHard: "cell-hard", OnCellHard: "on-cell-hard", CellSoft: "cell-soft",
	CellCycle: "cell-cycle", OnCellCycle: "on-cell-cycle", Diagonal: "diagonal", Band: "band",
}

// String returns the ink's name, made of a-z and -, as in the CSS variable --ink-paper.
func (i Ink) String() string {
	if i < inks {
		return inkNames[i]
	}
	return "none"
}

// Color returns the colour of i; black for None.
func (t *Theme) Color(i Ink) Color {
	if i < inks {
		return t.Colors[i]
	}
	return Color{}
}

// Themes returns the themes: light, dark, print.
func Themes() []Theme {
	all := themes()
	return append([]Theme(nil), all[:]...)
}

var themes = sync.OnceValue(func() [3]Theme {
	return [3]Theme{
		theme("light", map[Ink]uint32{
			Paper: 0xffffff, Foreground: 0x18212f, Muted: 0x556173, Rule: 0xdce2ea, Surface: 0xffffff, Panel: 0xf6f8fb,
			FrameFill: 0xf5f7fa, FrameFillDeep: 0xebeff5, FrameLine: 0x7b8798,
			EdgeLine: 0x4d596b, EdgeText: 0x3d4858,
			ComputeLine: 0x2563c9, ComputeTile: 0x2563c9, ComputeIcon: 0xffffff,
			TrafficLine: 0x6b45c6, TrafficTile: 0x6b45c6, TrafficIcon: 0xffffff,
			DataLine: 0x0b7a66, DataTile: 0x0b7a66, DataIcon: 0xffffff,
			MessageLine: 0xa8327e, MessageTile: 0xa8327e, MessageIcon: 0xffffff,
			PlatformLine: 0x4b5a6e, PlatformTile: 0x4b5a6e, PlatformIcon: 0xffffff,
			ExternalLine: 0x7a6240, ExternalTile: 0x7a6240, ExternalIcon: 0xffffff,
			GroupLine: 0x3a4ba6, GroupTile: 0x3a4ba6, GroupIcon: 0xffffff,
			ErrorLine: 0xc62828, ErrorFill: 0xc62828, OnError: 0xffffff,
			WarningLine: 0xb35a00, WarningFill: 0xb35a00, OnWarning: 0xffffff,
			InfoLine: 0x0a6a8a, InfoFill: 0x0a6a8a, OnInfo: 0xffffff,
			FailedLine: 0x9f1239, FailedTint: 0xfde3e8, FailedHatch: 0xf3b6c3, FailedFill: 0x9f1239, OnFailed: 0xffffff,
			DownLine: 0xc62828, DownTint: 0xfff0ee, DownHatch: 0xf6c9c4, DownFill: 0xc62828, OnDown: 0xffffff,
			DegradedLine: 0x946200, DegradedTint: 0xfff7e0, DegradedFill: 0x8a5b00, OnDegraded: 0xffffff,
			AddedLine: 0x1a7f37, AddedTint: 0xe3f6e7, AddedFill: 0x1a7f37, OnAdded: 0xffffff,
			RemovedLine: 0xcf222e, RemovedTint: 0xffeeec, RemovedFill: 0xcf222e, OnRemoved: 0xffffff,
			ChangedLine: 0x0969da, ChangedTint: 0xe6f1ff, ChangedFill: 0x0969da, OnChanged: 0xffffff,
			CycleLine: 0xa21caf,
			FadedLine: 0xb3bcc8, FadedText: 0x5f6a7b, FadedTile: 0xdfe4ea, FadedIcon: 0x8a95a5,
			CellHard: 0x2563c9, OnCellHard: 0xffffff, CellSoft: 0x6087d0,
			CellCycle: 0xa21caf, OnCellCycle: 0xffffff, Diagonal: 0xe8ecf2, Band: 0xeef2f8,
		}),
		theme("dark", map[Ink]uint32{
			Paper: 0x11161d, Foreground: 0xf0f4f9, Muted: 0xaab6c5, Rule: 0x2c3542, Surface: 0x1b222c, Panel: 0x181f28,
			FrameFill: 0x171d26, FrameFillDeep: 0x1d2530, FrameLine: 0x6d7b8e,
			EdgeLine: 0xa3b0c0, EdgeText: 0xc3cdd9,
			ComputeLine: 0x6ea6ff, ComputeTile: 0x2f66bf, ComputeIcon: 0xffffff,
			TrafficLine: 0xb193ff, TrafficTile: 0x6f4cc4, TrafficIcon: 0xffffff,
			DataLine: 0x3ecfb0, DataTile: 0x12806b, DataIcon: 0xffffff,
			MessageLine: 0xf083c6, MessageTile: 0xa83a80, MessageIcon: 0xffffff,
			PlatformLine: 0x9fb0c6, PlatformTile: 0x56667c, PlatformIcon: 0xffffff,
			ExternalLine: 0xd3b581, ExternalTile: 0x806844, ExternalIcon: 0xffffff,
			GroupLine: 0x98a9f7, GroupTile: 0x4759b8, GroupIcon: 0xffffff,
			ErrorLine: 0xff7b72, ErrorFill: 0xff8a82, OnError: 0x2a0605,
			WarningLine: 0xf0a43c, WarningFill: 0xf0a43c, OnWarning: 0x241500,
			InfoLine: 0x5cc4e6, InfoFill: 0x5cc4e6, OnInfo: 0x04202a,
			FailedLine: 0xff8fa8, FailedTint: 0x44182a, FailedHatch: 0x672639, FailedFill: 0xff8fa8, OnFailed: 0x2c0311,
			DownLine: 0xff7b72, DownTint: 0x3a1a1a, DownHatch: 0x5a2826, DownFill: 0xff8a82, OnDown: 0x2a0605,
			DegradedLine: 0xe5b84a, DegradedTint: 0x332810, DegradedFill: 0xe5b84a, OnDegraded: 0x241a00,
			AddedLine: 0x56d364, AddedTint: 0x12301c, AddedFill: 0x56d364, OnAdded: 0x03200b,
			RemovedLine: 0xff8a82, RemovedTint: 0x371b1c, RemovedFill: 0xff8a82, OnRemoved: 0x2a0605,
			ChangedLine: 0x79b8ff, ChangedTint: 0x142a47, ChangedFill: 0x79b8ff, OnChanged: 0x03172e,
			CycleLine: 0xec8bf5,
			FadedLine: 0x465263, FadedText: 0x8794a5, FadedTile: 0x2a323e, FadedIcon: 0x6d7b8e,
			CellHard: 0x6ea6ff, OnCellHard: 0x06142b, CellSoft: 0x4a72b8,
			CellCycle: 0xec8bf5, OnCellCycle: 0x2a0530, Diagonal: 0x28303c, Band: 0x1a212b,
		}),
		theme("print", map[Ink]uint32{
			Paper: 0xffffff, Foreground: 0x000000, Muted: 0x3d3d3d, Rule: 0xbdbdbd, Surface: 0xffffff, Panel: 0xffffff,
			FrameFill: 0xffffff, FrameFillDeep: 0xffffff, FrameLine: 0x757575,
			EdgeLine: 0x262626, EdgeText: 0x1a1a1a,
			ComputeLine: 0x000000, ComputeTile: 0xffffff, ComputeIcon: 0x000000,
			TrafficLine: 0x000000, TrafficTile: 0xffffff, TrafficIcon: 0x000000,
			DataLine: 0x000000, DataTile: 0xffffff, DataIcon: 0x000000,
			MessageLine: 0x000000, MessageTile: 0xffffff, MessageIcon: 0x000000,
			PlatformLine: 0x000000, PlatformTile: 0xffffff, PlatformIcon: 0x000000,
			ExternalLine: 0x000000, ExternalTile: 0xffffff, ExternalIcon: 0x000000,
			GroupLine: 0x000000, GroupTile: 0xffffff, GroupIcon: 0x000000,
			ErrorLine: 0x000000, ErrorFill: 0x000000, OnError: 0xffffff,
			WarningLine: 0x000000, WarningFill: 0xffffff, OnWarning: 0x000000,
			InfoLine: 0x000000, InfoFill: 0xffffff, OnInfo: 0x000000,
			FailedLine: 0x000000, FailedTint: 0xffffff, FailedHatch: 0xcfcfcf, FailedFill: 0x000000, OnFailed: 0xffffff,
			DownLine: 0x000000, DownTint: 0xffffff, DownHatch: 0xd6d6d6, DownFill: 0x000000, OnDown: 0xffffff,
			DegradedLine: 0x000000, DegradedTint: 0xffffff, DegradedFill: 0xffffff, OnDegraded: 0x000000,
			AddedLine: 0x000000, AddedTint: 0xffffff, AddedFill: 0xffffff, OnAdded: 0x000000,
			RemovedLine: 0x000000, RemovedTint: 0xffffff, RemovedFill: 0xffffff, OnRemoved: 0x000000,
			ChangedLine: 0x000000, ChangedTint: 0xffffff, ChangedFill: 0xffffff, OnChanged: 0x000000,
			CycleLine: 0x000000,
			FadedLine: 0xb0b0b0, FadedText: 0x6b6b6b, FadedTile: 0xffffff, FadedIcon: 0x8a8a8a,
			CellHard: 0x262626, OnCellHard: 0xffffff, CellSoft: 0x858585,
			CellCycle: 0x000000, OnCellCycle: 0xffffff, Diagonal: 0xd8d8d8, Band: 0xf2f2f2,
		}),
	}
})

func theme(name string, colors map[Ink]uint32) Theme {
	t := Theme{Name: name}
	for ink, c := range colors {
		t.Colors[ink] = Color{uint8(c >> 16), uint8(c >> 8), uint8(c)}
	}
	return t
}
