package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strconv"
)

// load hands every line to replay and cuts off a torn last one.
func load(f *os.File, path string, replay func([]byte) error) error {
	r := bufio.NewReader(f)
	var good int64
	for n := 1; ; n++ {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF {
			break // what is left has no newline: torn
		}
		if err != nil {
			return fmt.Errorf("journal %s: %w", path, err)
		}
		body, err := parse(raw)
		if err != nil {
			if _, eof := r.Peek(1); eof == io.EOF {
				break
			}
			return fmt.Errorf("journal %s, line %d: %w; the file was changed or the disk is at fault", path, n, err)
		}
		if err := replay(body); err != nil {
			return fmt.Errorf("journal %s, line %d: %w", path, n, err)
		}
		good += int64(len(raw))
	}
	if err := f.Truncate(good); err != nil {
		return fmt.Errorf("journal %s: %w", path, err)
	}
	_, err := f.Seek(good, io.SeekStart)
	return err
}

func parse(raw []byte) ([]byte, error) {
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	if len(raw) < 10 || raw[8] != ' ' {
		return nil, errors.New("not a journal line")
	}
	want, err := strconv.ParseUint(string(raw[:8]), 16, 32)
	if err != nil || uint32(want) != crc32.Checksum(raw[9:], table) {
		return nil, errors.New("the checksum does not match")
	}
	return raw[9:], nil
}
