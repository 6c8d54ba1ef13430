package clone

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// loadArchived reads the finished journals of earlier runs: what they made is known, but no
// run of theirs is going on.
func (j *Journal) loadArchived() error {
	old, err := filepath.Glob(globQuote(j.path) + ".[0-9][0-9][0-9][0-9]")
	if err != nil {
		return fmt.Errorf("archived journals: %w", err)
	}
	for _, path := range old {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("archived journal: %w", err)
		}
		_, err = replay(f, path, j.state)
		f.Close()
		if err != nil {
			return err
		}
	}
	j.state.close()
	return nil
}

// globQuote makes a path match itself in a pattern.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// load replays the file and cuts off a torn last line.
func (j *Journal) load() error {
	good, err := replay(j.file, j.path, j.state)
	if err != nil {
		return err
	}
	if err := j.file.Truncate(good); err != nil {
		return fmt.Errorf("journal %s: %w", j.path, err)
	}
	_, err = j.file.Seek(good, io.SeekStart)
	return err
}

// replay applies every line of f to state and returns the length of the good part.
func replay(f io.Reader, path string, state *journalState) (good int64, err error) {
	r := bufio.NewReader(f)
	for line := 1; ; line++ {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF {
			return good, nil // what is left has no newline: torn
		}
		if err != nil {
			return good, fmt.Errorf("journal %s: %w", path, err)
		}
		e, err := parseLine(raw)
		if err != nil {
			if _, eof := r.Peek(1); eof == io.EOF {
				return good, nil
			}
			return good, fmt.Errorf("journal %s, line %d: %w; the file was changed or the disk is at fault", path, line, err)
		}
		state.apply(e)
		good += int64(len(raw))
	}
}

func parseLine(raw []byte) (Entry, error) {
	var e Entry
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	if len(raw) < 10 || raw[8] != ' ' {
		return e, errors.New("not a journal line")
	}
	want, err := strconv.ParseUint(string(raw[:8]), 16, 32)
	if err != nil || uint32(want) != crc32.Checksum(raw[9:], crcTable) {
		return e, errors.New("checksum does not match")
	}
	if err := json.Unmarshal(raw[9:], &e); err != nil {
		return e, err
	}
	return e, nil
}
