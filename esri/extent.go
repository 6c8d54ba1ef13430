package esri

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Extent is a rectangle in WGS84 degrees. Items read it as [[xmin,ymin],[xmax,ymax]] or [],
// and write it as "xmin,ymin,xmax,ymax".
type Extent struct{ XMin, YMin, XMax, YMax float64 }

// String is the form that requests use.
func (e Extent) String() string {
	n := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return n(e.XMin) + "," + n(e.YMin) + "," + n(e.XMax) + "," + n(e.YMax)
}

// MarshalJSON writes the form that items use.
func (e Extent) MarshalJSON() ([]byte, error) {
	return json.Marshal([2][2]float64{{e.XMin, e.YMin}, {e.XMax, e.YMax}})
}

// ParseExtent reads either form. An empty text, "[]" and null have no extent: ok is false.
func ParseExtent(s string) (e Extent, ok bool, err error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "null" || s == "[]" || s == "[[],[]]" {
		return Extent{}, false, nil
	}
	flat := strings.NewReplacer("[", " ", "]", " ", ",", " ").Replace(s)
	parts := strings.Fields(flat)
	if len(parts) != 4 {
		return Extent{}, false, fmt.Errorf("extent %q needs four numbers: xmin,ymin,xmax,ymax", s)
	}
	var n [4]float64
	for i, p := range parts {
		f, err := strconv.ParseFloat(strings.Trim(p, `"`), 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return Extent{}, false, fmt.Errorf("extent %q: %q is not a finite number", s, p)
		}
		n[i] = f
	}
	e = Extent{n[0], n[1], n[2], n[3]}
	if e.XMin > e.XMax || e.YMin > e.YMax {
		return Extent{}, false, fmt.Errorf("extent %q: minimum exceeds maximum", s)
	}
	return e, true, nil
}

// UnmarshalJSON reads the form that items use; an empty extent leaves e unchanged.
func (e *Extent) UnmarshalJSON(b []byte) error {
	got, ok, err := ParseExtent(string(bytes.Trim(b, `"`)))
	if ok {
		*e = got
	}
	return err
}
