package clone

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// maxPlanLine is the longest line of a plan that is read. The header, which holds the maps, is
// the longest of a plan.
const maxPlanLine = 64 << 20

// ReadPlan reads what Write stored, and what people made of it: blank lines do not count. What
// no plan may say is an error that names the line: unknown keys, kinds and actions, ids that
// are none, two steps for one object, a need without a step, an administrator that the options
// do not allow.
func ReadPlan(r io.Reader) (*Plan, error) {
	d := &planReader{in: bufio.NewReaderSize(r, 64<<10), plan: &Plan{}, at: map[objectKey]int{}, words: map[string]string{}}
	if err := d.read(); err != nil {
		return nil, fmt.Errorf("plan, line %d: %w", d.line, err)
	}
	return d.plan, nil
}

// planReader reads one plan.
type planReader struct {
	in    *bufio.Reader
	line  int
	plan  *Plan
	lines []int32           // where each step stands
	at    map[objectKey]int // line of the step for an object
	words map[string]string // strings that many steps share
}

func (d *planReader) read() error {
	raw, err := d.next()
	if errors.Is(err, io.EOF) {
		d.line = 1
		return errors.New("the plan is empty")
	}
	if err != nil {
		return err
	}
	if err := d.header(raw); err != nil {
		return err
	}
	for {
		raw, err := d.next()
		if errors.Is(err, io.EOF) {
			return d.checkNeeds()
		}
		if err == nil {
			err = d.body(raw)
		}
		if err != nil {
			return err
		}
	}
}

// next returns the next line that is not blank.
func (d *planReader) next() ([]byte, error) {
	for {
		var long []byte
		d.line++
		for {
			part, err := d.in.ReadSlice('\n')
			if err == nil && long == nil {
				long = part
				break
			}
			if len(long)+len(part) > maxPlanLine {
				return nil, fmt.Errorf("it is longer than %d MiB", maxPlanLine>>20)
			}
			long = append(long, part...)
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if err != nil && (!errors.Is(err, io.EOF) || len(long) == 0) {
				return nil, err
			}
			break
		}
		if line := bytes.TrimSpace(long); len(line) > 0 {
			return line, nil
		}
	}
}

// strict decodes one line, which must be one object with known keys.
func strict(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("the line is cut off")
		}
		return err
	}
	if dec.More() {
		return errors.New("more than one object is in the line")
	}
	return nil
}

func (d *planReader) header(raw []byte) error {
	h := &d.plan.Header
	if err := strict(raw, h); err != nil {
		return err
	}
	if h.Format != PlanFormat {
		return fmt.Errorf("format is %q, this program reads %q", h.Format, PlanFormat)
	}
	for _, m := range []struct {
		field string
		ids   map[string]string
	}{{"items", h.Items}, {"groups", h.Groups}} {
		for _, from := range slices.Sorted(maps.Keys(m.ids)) {
			if !esri.IsID(from) || !esri.IsID(m.ids[from]) {
				return fmt.Errorf("%s: %q to %q: an id has 32 lower-case hexadecimal characters", m.field, from, m.ids[from])
			}
		}
	}
	return h.Options.Check()
}

func (d *planReader) body(raw []byte) error {
	var kind struct {
		Step string `json:"step"`
	}
	if err := json.Unmarshal(raw, &kind); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) && syntax.Offset >= int64(len(raw)) {
			return errors.New("the line is cut off")
		}
		return err
	}
	switch kind.Step {
	case lineReference:
		var l referenceLine
		if err := strict(raw, &l); err != nil {
			return err
		}
		l.Class, l.Item, l.Title = d.word(l.Class), d.word(l.Item), d.word(l.Title)
		l.Part, l.Reference.Kind, l.Owner = d.word(l.Part), d.word(l.Reference.Kind), d.word(l.Owner)
		d.plan.References = append(d.plan.References, l.Reference)
		return nil
	case lineNotice:
		var l noticeLine
		if err := strict(raw, &l); err != nil {
			return err
		}
		d.plan.Notices = append(d.plan.Notices, l.Notice)
		return nil
	}
	var s Step
	if err := strict(raw, &s); err != nil {
		return err
	}
	if err := s.check(&d.plan.Header.Options); err != nil {
		return err
	}
	key := newKey(s.Kind, s.Source)
	if s.Kind == KindUser {
		key.source = fold(s.Source)
	}
	if first, twice := d.at[key]; twice {
		return fmt.Errorf("%s %s has a step in line %d already", s.Kind, s.Source, first)
	}
	d.at[key] = d.line
	d.share(&s)
	d.plan.Steps, d.lines = append(d.plan.Steps, s), append(d.lines, int32(d.line))
	return nil
}

// word returns the one copy of a string that stands in many lines.
func (d *planReader) word(s string) string {
	if w, ok := d.words[s]; ok {
		return w
	}
	d.words[s] = s
	return s
}

// share lets steps share the strings that repeat.
func (d *planReader) share(s *Step) {
	s.Kind, s.Action = Kind(d.word(string(s.Kind))), Action(d.word(string(s.Action)))
	s.Type, s.Owner, s.Folder = d.word(s.Type), d.word(s.Owner), d.word(s.Folder)
	s.Role, s.UserType, s.Access, s.Reason = d.word(s.Role), d.word(s.UserType), d.word(s.Access), d.word(s.Reason)
	for i := range s.Groups {
		s.Groups[i] = d.word(s.Groups[i])
	}
	for i := range s.Needs {
		s.Needs[i] = d.word(s.Needs[i])
	}
	for i := range s.Privileges {
		s.Privileges[i] = d.word(s.Privileges[i])
	}
}

// checkNeeds makes sure that every need names an item or group of the plan.
func (d *planReader) checkNeeds() error {
	h := &d.plan.Header
	for i := range d.plan.Steps {
		s := &d.plan.Steps[i]
		for _, need := range s.Needs {
			_, item := d.at[objectKey{KindItem, need}]
			_, group := d.at[objectKey{KindGroup, need}]
			if !item && !group && h.Items[need] == "" && h.Groups[need] == "" {
				d.line = int(d.lines[i])
				return fmt.Errorf("item %s needs %s, for which the plan has no step; correct the id or leave it out", describe(s.Title, s.Source), need)
			}
		}
	}
	return nil
}

// check says what is wrong with a step of a plan that was made with the options.
func (s *Step) check(o *Options) error {
	switch {
	case !slices.Contains(kinds[:], s.Kind):
		return fmt.Errorf("step %q is not a kind of step", s.Kind)
	case !slices.Contains([]Action{Create, Match, Update, Replace, Skip, Conflict}, s.Action):
		return fmt.Errorf("action %q is not an action", s.Action)
	case s.Source == "":
		return fmt.Errorf("step %s has no source", s.Kind)
	case s.Target == "" && (s.Action == Match || s.Action == Update || s.Action == Replace):
		return fmt.Errorf("%s %s: an action of %s needs a target", s.Kind, s.Source, s.Action)
	case s.Size < 0 || s.Cycle < 0:
		return fmt.Errorf("%s %s: size and cycle are not below 0", s.Kind, s.Source)
	case len(s.Needs) > 0 && s.Kind != KindItem:
		return fmt.Errorf("%s %s: only items have needs", s.Kind, s.Source)
	}
	if err := s.checkIDs(); err != nil {
		return err
	}
	return s.checkAdmin(o)
}

func (s *Step) checkIDs() error {
	bad := func(field, id string) error {
		return fmt.Errorf("%s %s: %s %q is not an id of 32 lower-case hexadecimal characters", s.Kind, s.Source, field, id)
	}
	switch s.Kind {
	case KindItem, KindGroup, KindFolder, KindShare:
		if !esri.IsID(s.Source) {
			return bad("source", s.Source)
		}
		if s.Target != "" && !esri.IsID(s.Target) {
			return bad("target", s.Target)
		}
		for _, id := range slices.Concat(s.Needs, s.Groups) {
			if !esri.IsID(id) {
				return bad("needs or groups", id)
			}
		}
	case KindRelationship:
		for _, text := range []string{s.Source, s.Target} {
			if text == "" {
				continue
			}
			r, err := parseRelation(text)
			if err != nil {
				return err
			}
			for _, id := range []string{r.origin, r.destination} {
				if !esri.IsID(id) {
					return bad("end", id)
				}
			}
		}
	case KindUser, KindRole:
		if strings.ContainsAny(s.Target, "/?#\x00") || strings.TrimSpace(s.Target) != s.Target {
			return fmt.Errorf("%s %s: target %q is not a name", s.Kind, s.Source, s.Target)
		}
	}
	return nil
}

// checkAdmin refuses administrators that the options of the plan do not allow. Apply asks the
// portals again, since options can be edited too.
func (s *Step) checkAdmin(o *Options) error {
	writes := s.Action == Create || s.Action == Update || s.Action == Replace
	switch {
	case o.AllowAdmins || !writes:
		return nil
	case s.Kind == KindUser && s.Role == string(gis.RoleAdmin):
		return fmt.Errorf("user %s: an administrator is made only by a plan that was made with --allow-admins", s.Source)
	case s.Kind == KindRole && administrative(s.Privileges):
		return fmt.Errorf("role %s: a role with administrative privileges is made only by a plan that was made with --allow-admins", describe(s.Title, s.Source))
	}
	return nil
}
