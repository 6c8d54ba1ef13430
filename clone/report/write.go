package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// writers are the formats by the ending of the file's name.
var writers = map[string]func(io.Writer, *Document) error{".html": HTML, ".json": JSON, ".csv": CSV}

// Check reports whether a name tells a format.
func Check(path string) error {
	if writers[strings.ToLower(filepath.Ext(path))] == nil {
		return fmt.Errorf("%s: a report ends in .html, .json or .csv", path)
	}
	return nil
}

// WriteFile writes d to a file that only its owner can read, complete or not at all. What is
// there under the name is replaced.
func WriteFile(path string, d *Document) (err error) {
	if err := Check(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".report-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("report: %w", err), os.Remove(f.Name()))
		}
	}()
	err = writers[strings.ToLower(filepath.Ext(path))](f, d)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// JSON writes the document as one object.
func JSON(w io.Writer, d *Document) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d)
}
