package clone

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// Object is one object of a run with what became of it.
type Object struct {
	Kind   Kind   `json:"kind"`
	Source string `json:"source"`
	Target string `json:"target,omitempty"`
	Title  string `json:"title,omitempty"`
	Type   string `json:"type,omitempty"`
	Owner  string `json:"owner,omitempty"` // on the source
	Action Action `json:"action"`          // of the plan
	State  string `json:"state"`           // done, failed, open (not reached) or skipped
	Bytes  int64  `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of the data as written
	Reason string `json:"reason,omitempty"`
}

// ReadObjects lists the objects of a run in the order of its plan, from the journal and the
// plan that lies beside it. There are none for a run that kept no plan.
func ReadObjects(journal string) ([]Object, error) {
	f, err := os.Open(planPath(journal))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	defer f.Close()
	plan, err := ReadPlan(f)
	if err != nil {
		return nil, err
	}
	out := make([]Object, 0, len(plan.Steps))
	at := make(map[objectKey]int, len(plan.Steps))
	for _, s := range plan.Steps {
		o := Object{Kind: s.Kind, Source: s.Source, Target: s.Target, Title: s.Title, Type: s.Type, Owner: s.Owner, Action: s.Action, State: "open", Reason: s.Reason}
		switch s.Action {
		case Match:
			o.State = "done"
		case Skip:
			o.State = "skipped"
		}
		at[objectKey{s.Kind, s.Source}] = len(out)
		out = append(out, o)
	}
	return out, eachLine(journal, func(e Entry) {
		i, ok := at[objectKey{e.Kind, e.Source}]
		if !ok {
			return
		}
		o := &out[i]
		if e.Target != "" {
			o.Target = e.Target
		}
		switch e.Event {
		case EventDone:
			o.State, o.Bytes, o.SHA256 = "done", e.Bytes, e.Hash
		case EventFailed:
			o.State, o.Reason = "failed", e.Error
		case EventUndone:
			o.State = "undone"
		}
	})
}

// eachLine calls do for every complete line of a journal file.
func eachLine(path string, do func(Entry)) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for {
		raw, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("journal %s: %w", path, err)
		}
		e, err := parseLine(raw)
		if err != nil {
			return fmt.Errorf("journal %s: %w", path, err)
		}
		do(e)
	}
}
