package clone

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReadMap reads a map of source to target objects: CSV in UTF-8 with the header source,target
// and a row for each object. Names and ids are cut of surrounding space. Errors name line and
// column.
func ReadMap(r io.Reader) (map[string]string, error) {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		if _, err := b.Discard(3); err != nil {
			return nil, err
		}
	}
	rows := csv.NewReader(b)
	rows.FieldsPerRecord = -1
	rows.ReuseRecord = true
	head, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: the file is empty; its first line is source,target")
	}
	if err != nil {
		return nil, rowError(err)
	}
	if len(head) != 2 || !strings.EqualFold(strings.TrimSpace(head[0]), "source") || !strings.EqualFold(strings.TrimSpace(head[1]), "target") {
		return nil, fmt.Errorf("line 1: the first line is %q; it must be source,target", strings.Join(head, ","))
	}
	out, lines := map[string]string{}, map[string]int{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, rowError(err)
		}
		line, _ := rows.FieldPos(0)
		if len(row) != 2 {
			return nil, fmt.Errorf("line %d: %d columns; a row has two, source and target", line, len(row))
		}
		source, target := strings.Clone(strings.TrimSpace(row[0])), strings.Clone(strings.TrimSpace(row[1]))
		for i, name := range []string{"source", "target"} {
			if strings.TrimSpace(row[i]) == "" {
				line, column := rows.FieldPos(i)
				return nil, fmt.Errorf("line %d, column %d: the %s is empty", line, column, name)
			}
		}
		if first, ok := lines[fold(source)]; ok {
			return nil, fmt.Errorf("line %d, column 1: %s is mapped in line %d already", line, source, first)
		}
		out[source], lines[fold(source)] = target, line
	}
}

func rowError(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fmt.Errorf("line %d, column %d: %w", p.Line, p.Column, p.Err)
	}
	return err
}

// ParseAccessMap reads what --access-map names: pairs such as org=public, with commas between.
func ParseAccessMap(text string) (map[string]string, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	out := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(pair, "=")
		from, to = strings.TrimSpace(from), strings.TrimSpace(to)
		if !ok || from == "" || to == "" {
			return nil, fmt.Errorf("--access-map: %q is not a pair such as org=public", pair)
		}
		if _, twice := out[from]; twice {
			return nil, fmt.Errorf("--access-map: %s is named twice", from)
		}
		out[from] = to
	}
	return out, (&Options{AccessMap: out}).checkAccess()
}
