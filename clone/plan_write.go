package clone

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Lines of a plan that are no steps.
const (
	lineReference = "reference"
	lineNotice    = "notice"
)

// referenceLine and noticeLine are how References and Notices stand in a plan file.
type referenceLine struct {
	Kind string `json:"step"`
	Reference
}

type noticeLine struct {
	Kind string `json:"step"`
	Notice
}

// Write stores the plan as JSON Lines: the header, a step a line, then the references and the
// notices. It streams.
func (p *Plan) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := p.encode(enc); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return nil
}

func (p *Plan) encode(enc *json.Encoder) error {
	if err := enc.Encode(p.Header); err != nil {
		return err
	}
	for i := range p.Steps {
		if err := enc.Encode(&p.Steps[i]); err != nil {
			return err
		}
	}
	for _, r := range p.References {
		if err := enc.Encode(referenceLine{lineReference, r}); err != nil {
			return err
		}
	}
	for _, n := range p.Notices {
		if err := enc.Encode(noticeLine{lineNotice, n}); err != nil {
			return err
		}
	}
	return nil
}
