package typeset

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const ellipsis = "…"

// Cut returns s, or as much of its start as fits into width with an ellipsis; never part of a grapheme cluster.
// Line breaks and control characters become spaces; spaces at the ends go before anything else does. The ellipsis alone may be wider than width.
func Cut(s string, st Style, width float64) string {
	s = enough(Clean(s), st, width)
	if Width(s, st) <= width {
		return s
	}
	p := measure(s, st)
	return p.cut(0, width)
}

// Wrap breaks s into at most lines lines of at most width: at spaces, else after punctuation (- _ . / :), before
// capital letters of camel case and between ideographs, else between grapheme clusters. Among the ways to
// break it takes the one with the fewest lines and the best breaks, and lines of like length. What does not
// fit is cut with an ellipsis. A line can be wider than width only if it is one cluster. Lines have no spaces at their
// ends. There is always at least one line, "" for a text of spaces.
func Wrap(s string, st Style, width float64, lines int) []string {
	s = strings.Trim(Clean(s), " ")
	lines = max(lines, 1)
	s = enough(s, st, width*float64(lines))
	if s == "" || Width(s, st) <= width {
		return []string{s}
	}
	p := measure(s, st)
	// Letters that join look different where a word is broken, so what was measured in the whole line may be
	// too little: then the line is planned somewhat shorter.
	for plan := width; plan > width/2; plan *= 0.94 {
		out := p.wrap(plan, lines)
		if out == nil {
			break
		}
		if p.fit(out, width) {
			return out
		}
	}
	return p.fill(width, lines)
}

// enough returns s without what surely lies beyond a width, as texts of any length may be asked for. Even flags that
// are spelled with tags, 28 bytes each, take less than 64 bytes for an em; only heaps of marks may take more.
func enough(s string, st Style, width float64) string {
	const least = 2000
	if len(s) <= least {
		return s
	}
	most := least
	if n := 64 * width / st.Size; n > least && n < 1e9 {
		most = int(n)
	}
	n := 0
	for cluster := range clusters(s) {
		if n += len(cluster); n >= most {
			break
		}
	}
	return s[:n]
}

// paragraph is a text measured for breaking.
type paragraph struct {
	text   string
	style  Style
	start  []int     // of each cluster, in bytes, and the length of the text
	x      []float64 // of each cluster's start, as if the text were one line, and the width of the text
	breaks []breakKind
}

// breakKind says how good it is to break before a cluster.
type breakKind uint8

const (
	atSpace breakKind = iota
	betweenIdeographs
	afterPunctuation
	camelCase
	anywhere
)

// cost is compared with that of a line, which is 1.
var cost = [...]float64{atSpace: 0, betweenIdeographs: 0.1, afterPunctuation: 0.5, camelCase: 0.6, anywhere: 5}

func measure(s string, st Style) *paragraph {
	p := &paragraph{text: s, style: st}
	var runes []int // the first of each cluster
	n, at := 0, 0
	for cluster := range clusters(s) {
		p.start = append(p.start, at)
		runes = append(runes, n)
		at += len(cluster)
		n += utf8.RuneCountInString(cluster)
	}
	p.start = append(p.start, len(s))

	advance := make([]float64, n)
	for _, run := range Shape(s, st) {
		at := run.start
		glyphs := run.Glyphs
		if run.RightToLeft { // from the first letter to the last; glyphs of one cluster may come the other way round
			glyphs = slices.Clone(glyphs)
			slices.Reverse(glyphs)
		}
		for _, g := range glyphs {
			if at < n {
				advance[at] += g.Advance
			}
			for range g.Text {
				at++
			}
		}
	}
	p.x = make([]float64, len(p.start))
	for i := range runes {
		end := n
		if i+1 < len(runes) {
			end = runes[i+1]
		}
		p.x[i+1] = p.x[i]
		for _, a := range advance[runes[i]:end] {
			p.x[i+1] += a
		}
	}
	p.breaks = make([]breakKind, len(p.start))
	for i := 1; i < len(runes); i++ {
		p.breaks[i] = p.breakBefore(i)
	}
	return p
}

func (p *paragraph) clusters() int { return len(p.start) - 1 }

// first returns the first character of a cluster; 0 beyond the ends.
func (p *paragraph) first(i int) rune {
	if i < 0 || i >= p.clusters() {
		return 0
	}
	for _, r := range p.text[p.start[i]:p.start[i+1]] {
		return r
	}
	return 0
}

// space tells whether a cluster is a space, without a mark on it.
func (p *paragraph) space(i int) bool {
	return i >= 0 && i < p.clusters() && p.text[p.start[i]:p.start[i+1]] == " "
}

func (p *paragraph) breakBefore(i int) breakKind {
	before, here, after := p.first(i-1), p.first(i), p.first(i+1)
	switch {
	case p.space(i-1) || p.space(i):
		return atSpace
	case strings.ContainsRune("-_./:,;|\\=&+@#)]}>", before) && !strings.ContainsRune("-_./:,;|\\=&+@#)]}>", here):
		return afterPunctuation
	case strings.ContainsRune("([{<", here):
		return afterPunctuation
	case isCJK(before) && isCJK(here) && !strings.ContainsRune("、。，．・：；？！」』）】〉》ーっゃゅょッャュョ々", here) && !strings.ContainsRune("「『（【〈《", before):
		return betweenIdeographs
	case unicode.IsUpper(here) && (unicode.IsLower(before) || unicode.IsDigit(before)),
		unicode.IsUpper(here) && unicode.IsUpper(before) && unicode.IsLower(after):
		return camelCase
	}
	return anywhere
}

// trim returns the clusters from i to j without the spaces at their ends.
func (p *paragraph) trim(i, j int) (int, int) {
	for i < j && p.space(i) {
		i++
	}
	for i < j && p.space(j-1) {
		j--
	}
	return i, j
}

func (p *paragraph) line(i, j int) string {
	i, j = p.trim(i, j)
	return p.text[p.start[i]:p.start[j]]
}

func (p *paragraph) width(i, j int) float64 {
	i, j = p.trim(i, j)
	return p.x[j] - p.x[i]
}

// fit tells whether lines keep to width.
func (p *paragraph) fit(lines []string, width float64) bool {
	for _, line := range lines {
		if Width(line, p.style) > width && several(line) {
			return false
		}
	}
	return true
}

// several tells whether a line has more than one cluster.
func several(line string) bool {
	n := 0
	for range clusters(line) {
		if n++; n > 1 {
			return true
		}
	}
	return false
}

// wrap returns the best lines that hold all of the text; nil if there is no way.
func (p *paragraph) wrap(width float64, lines int) []string {
	n := p.clusters()
	if p.x[n] > width*float64(lines)+p.spaces() && n > lines {
		return nil
	}
	if out := p.best(width, lines, p.onlyWhereNeeded(width)); out != nil {
		return out
	}
	return p.best(width, lines, func(int) bool { return true })
}

// spaces returns the width of all spaces, which may vanish at the ends of lines.
func (p *paragraph) spaces() float64 {
	w := 0.0
	for i := range p.clusters() {
		if p.space(i) {
			w += p.x[i+1] - p.x[i]
		}
	}
	return w
}

// onlyWhereNeeded allows breaks anywhere only in what has no better break and is too long for a line.
func (p *paragraph) onlyWhereNeeded(width float64) func(i int) bool {
	n := p.clusters()
	allowed := make([]bool, n+1)
	for i := 0; i < n; {
		end := i + 1
		for end < n && p.breaks[end] == anywhere {
			end++
		}
		long := p.width(i, end) > width
		allowed[i] = true
		for k := i + 1; k < end; k++ {
			allowed[k] = long
		}
		i = end
	}
	allowed[n] = true
	return func(i int) bool { return allowed[i] }
}

// best finds the lines of least cost, one line after the other.
func (p *paragraph) best(width float64, lines int, allowed func(i int) bool) []string {
	n := p.clusters()
	type step struct {
		cost float64
		from int
	}
	never := step{cost: math.Inf(1)}
	layers := [][]step{make([]step, n+1)}
	for i := range layers[0] {
		layers[0][i] = never
	}
	layers[0][0] = step{}
	answer, low := 0, 0
	for k := 1; k <= lines && low < n; k++ {
		before := layers[k-1]
		layer := make([]step, n+1)
		for i := range layer {
			layer[i] = never
		}
		reached := n
		for i := low; i < n; i++ {
			if math.IsInf(before[i].cost, 1) {
				continue
			}
			for j := i + 1; j <= n; j++ {
				w := p.width(i, j)
				if w > width && j > i+1 {
					if p.space(j - 1) {
						continue
					}
					break
				}
				if !allowed(j) || j < n && p.space(j) { // spaces go to the end of a line
					continue
				}
				ragged := max(0, (width-w)/width)
				c := before[i].cost + 1 + 0.8*ragged*ragged
				if j < n {
					c += cost[p.breaks[j]]
				}
				if c < layer[j].cost {
					layer[j] = step{c, i}
					reached = min(reached, j)
				}
			}
		}
		layers = append(layers, layer)
		low = reached
		if layer[n].cost < math.Inf(1) && (answer == 0 || layer[n].cost < layers[answer][n].cost) {
			answer = k
		}
		if answer != 0 && k >= answer+2 { // more lines only cost more
			break
		}
	}
	if answer == 0 {
		return nil
	}
	out := make([]string, answer)
	for k, j := answer, n; k > 0; k-- {
		i := layers[k][j].from
		out[k-1] = p.line(i, j)
		j = i
	}
	return out
}

// fill fills line after line and cuts the last one.
func (p *paragraph) fill(width float64, lines int) []string {
	n := p.clusters()
	var out []string
	i := 0
	for len(out) < lines-1 && i < n {
		if Width(p.line(i, n), p.style) <= width {
			break
		}
		end := p.furthest(i, width)
		at := end
		for _, kinds := range [][2]breakKind{{atSpace, betweenIdeographs}, {afterPunctuation, camelCase}} {
			j := end
			for j > i && (p.breaks[j] < kinds[0] || p.breaks[j] > kinds[1] || p.width(i, j) == 0) {
				j--
			}
			if j > i && p.width(i, j) >= width/2 {
				at = j
				break
			}
		}
		out = append(out, p.line(i, at))
		for i = at; i < n && p.space(i); {
			i++
		}
	}
	if i < n {
		out = append(out, p.cut(i, width))
	}
	return out
}

// furthest returns how far a line can go that begins with cluster i, at least one cluster.
func (p *paragraph) furthest(i int, width float64) int {
	n := p.clusters()
	j := i + 1
	for j < n && p.width(i, j+1) <= width {
		j++
	}
	for j > i+1 && Width(p.line(i, j), p.style) > width {
		j--
	}
	return j
}

// cut returns the text from cluster i on, or as much as fits into width with an ellipsis.
func (p *paragraph) cut(i int, width float64) string {
	n := p.clusters()
	if rest := p.line(i, n); Width(rest, p.style) <= width {
		return rest
	}
	room := width - Width(ellipsis, p.style)
	j := i
	for j < n && p.x[j+1]-p.x[i] <= room {
		j++
	}
	for ; j > i; j-- {
		line := strings.TrimRight(p.text[p.start[i]:p.start[j]], " ") + ellipsis
		if Width(line, p.style) <= width {
			return line
		}
	}
	return ellipsis
}
