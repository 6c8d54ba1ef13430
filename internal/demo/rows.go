package demo

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// rowFilter takes a part of a CSV file: the rows in which a column has a value, or begins
// with one.
type rowFilter struct {
	Column string `json:"column"`
	Equals string `json:"equals"`
	Prefix string `json:"prefix"`
}

// apply returns the header and the rows that match, byte for byte as they stand in the file.
func (f *rowFilter) apply(file []byte) ([]byte, error) {
	r := csv.NewReader(bytes.NewReader(file))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(header, func(name string) bool { return strings.TrimPrefix(name, "\ufeff") == f.Column })
	if at < 0 {
		return nil, fmt.Errorf("no column %q", f.Column)
	}
	begin := r.InputOffset()
	out := slices.Clone(file[:begin])
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		end := r.InputOffset()
		if (f.Equals == "" || row[at] == f.Equals) && strings.HasPrefix(row[at], f.Prefix) {
			out = append(out, file[begin:end]...)
		}
		begin = end
	}
}
