package house

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestPicture holds docs/picture.svg to what lintel prints in colour about testdata/picture.cue; with
// -update it draws it.
func TestPicture(t *testing.T) {
	const command = "lintel check --quiet"
	dir := t.TempDir()
	design, err := os.ReadFile("testdata/picture.cue")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "shop.cue"), design, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", command+" --color=always")
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + binaries(t) + ":" + os.Getenv("PATH"), "HOME=" + dir}
	printed, _ := cmd.CombinedOutput() // findings are expected
	if code := cmd.ProcessState.ExitCode(); code != 1 {
		t.Fatalf("exit code %d\n%s", code, printed)
	}
	picture, err := drawTerminal("lintel check finds a single point of failure and an external service without a fallback",
		"$ \x1b[1m"+command+"\x1b[0m\n"+string(printed))
	if err != nil {
		t.Fatal(err)
	}
	const golden = "../../docs/picture.svg"
	if *update {
		if err := os.WriteFile(golden, picture, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	drawn, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(drawn, picture) {
		t.Errorf("docs/picture.svg shows\n%s\nlintel prints\n%s", lettering(t, drawn), lettering(t, picture))
	}
}

// lettering returns the text of a picture.
func lettering(t *testing.T, picture []byte) string {
	t.Helper()
	var out strings.Builder
	inText := 0
	for d := xml.NewDecoder(bytes.NewReader(picture)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return out.String()
		}
		if err != nil {
			t.Fatalf("docs/picture.svg is no XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "text" {
				inText++
			}
		case xml.EndElement:
			if token.Name.Local == "text" {
				inText--
				out.WriteString("\n")
			}
		case xml.CharData:
			if inText > 0 {
				out.Write(token)
			}
		}
	}
}

// Sizes of the picture, in pixels. The advance is that of the widest common monospace fonts at this
// size, 0.602 em.
const (
	fontSize   = 14
	advance    = 8.43
	lineHeight = 19
	padding    = 18
	columns    = 80
)

// style is what a terminal remembers between escape sequences.
type style struct {
	bold  bool
	color int // 0, or 30 to 37
}

// class names the style's rule in the style sheet of the picture.
func (s style) class() string {
	var names []string
	if s.bold {
		names = append(names, "b")
	}
	if s.color != 0 {
		names = append(names, fmt.Sprintf("c%d", s.color))
	}
	return strings.Join(names, " ")
}

var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// drawTerminal draws what a dark terminal of 80 columns shows. It knows the escape sequences of the
// text report, and refuses others.
func drawTerminal(title, printed string) ([]byte, error) {
	lines := strings.Split(strings.TrimRight(printed, "\n"), "\n")
	width, height := int(math.Ceil(columns*advance))+2*padding, len(lines)*lineHeight+2*padding
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img">
<title>%s</title>
<style>
text { font: %dpx ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d6dbe4; white-space: pre }
.b { font-weight: bold; fill: #ffffff }
.c31 { fill: #ff7b72 }
.c32 { fill: #7ee787 }
.c33 { fill: #f2cc60 }
.c34 { fill: #79b8ff }
.c36 { fill: #56d4dd }
</style>
<rect width="%d" height="%d" rx="8" fill="#161b22"/>
`, width, height, title, fontSize, width, height)
	var now style
	for i, line := range lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d" xml:space="preserve">`, padding, padding+fontSize+i*lineHeight)
		for line != "" {
			at := sgr.FindStringSubmatchIndex(line)
			text := line
			if at != nil {
				text = line[:at[0]]
			}
			if err := span(&b, now, text); err != nil {
				return nil, err
			}
			if at == nil {
				break
			}
			if err := now.apply(line[at[2]:at[3]]); err != nil {
				return nil, err
			}
			line = line[at[1]:]
		}
		b.WriteString("</text>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes(), nil
}

func span(b *bytes.Buffer, s style, text string) error {
	if text == "" {
		return nil
	}
	if strings.ContainsAny(text, "\x1b\t\r") {
		return fmt.Errorf("the picture cannot show %q", text)
	}
	class := s.class()
	if class != "" {
		fmt.Fprintf(b, `<tspan class="%s">`, class)
	}
	if err := xml.EscapeText(b, []byte(text)); err != nil {
		return err
	}
	if class != "" {
		b.WriteString("</tspan>")
	}
	return nil
}

// apply changes the style as the parameters of one escape sequence ask.
func (s *style) apply(parameters string) error {
	for p := range strings.SplitSeq(parameters, ";") {
		n, err := strconv.Atoi("0" + p) // no number is 0
		switch {
		case err != nil:
			return err
		case n == 0:
			*s = style{}
		case n == 1:
			s.bold = true
		case n == 22:
			s.bold = false
		case n == 39:
			s.color = 0
		case 31 <= n && n <= 36:
			s.color = n
		default:
			return fmt.Errorf("the picture does not know the escape sequence %q", parameters)
		}
	}
	return nil
}
