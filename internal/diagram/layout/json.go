package layout

import (
	"errors"
	"io"

	"lintel/internal/diagram"
)

// JSON writes the laid-out drawing model: all of d, and where its parts lie. Its schema is docs/schemas/drawing.schema.json.
func JSON(w io.Writer, d *diagram.Diagram, l *Layout) error { return errors.New("not yet") }
