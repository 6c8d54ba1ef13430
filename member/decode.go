package member

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxFile bounds the files that are read: far above any list of members.
const maxFile = 64 << 20

// readText reads a file as text: UTF-8 or UTF-16, with a byte order mark or without, and what
// is neither as Windows-1252, which the note says.
func readText(r io.Reader) (text, note string, err error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return "", "", fmt.Errorf("read the file: %w", err)
	case len(b) > maxFile:
		return "", "", fmt.Errorf("the file is larger than %d MB", maxFile>>20)
	}
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return fromUTF16(b[2:], binary.LittleEndian), "", nil
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return fromUTF16(b[2:], binary.BigEndian), "", nil
	case len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[3] == 0:
		return fromUTF16(b, binary.LittleEndian), "", nil
	case len(b) >= 4 && b[0] == 0 && b[1] != 0 && b[2] == 0:
		return fromUTF16(b, binary.BigEndian), "", nil
	}
	if utf8.Valid(b) {
		return string(b), "", nil
	}
	return fromWindows(b), "the file is not UTF-8: it was read as Windows-1252; check names with accents", nil
}

func fromUTF16(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// windows are the characters that Windows-1252 has between 0x80 and 0x9F.
const windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

func fromWindows(b []byte) string {
	high := []rune(windows)
	var out strings.Builder
	for _, c := range b {
		if c >= 0x80 && c <= 0x9F {
			out.WriteRune(high[c-0x80])
		} else {
			out.WriteRune(rune(c))
		}
	}
	return out.String()
}

// cellRow is a line of a table.
type cellRow struct {
	line  int
	cells []string
	err   error // why the line cannot be read
}

// readTable reads a CSV file with commas, semicolons or tabs. A line that cannot be read is
// answered with its error; empty lines are left out.
func readTable(text string) []cellRow {
	comma, told := separator(text), 0
	if first, rest, ok := strings.Cut(text, "\n"); ok { // as spreadsheets write it for each other
		if sep, says := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); says && (sep == "," || sep == ";" || sep == "\t") {
			comma, text, told = rune(sep[0]), rest, 1
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	var out []cellRow
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return out
		}
		row := cellRow{cells: cells}
		if bad, is := errors.AsType[*csv.ParseError](err); is {
			row.line, row.cells, row.err = bad.StartLine+told, nil, fmt.Errorf("%w (line %d, column %d)", bad.Err, bad.Line, bad.Column)
		} else if err != nil {
			row.err = err
		} else {
			row.line, _ = r.FieldPos(0)
			row.line += told
			if empty(cells) {
				continue
			}
			for i, c := range cells {
				cells[i] = plain(strings.TrimSpace(c))
			}
		}
		out = append(out, row)
	}
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// separator guesses what stands between the cells from the first line, quoted parts aside. A
// file of one column has none.
func separator(text string) rune {
	count := map[rune]int{}
	quoted := false
	for _, c := range strings.TrimLeft(text, "\r\n") {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			goto counted
		case !quoted && (c == ',' || c == ';' || c == '\t'):
			count[c]++
		}
	}
counted:
	best := ','
	for _, c := range []rune{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}
