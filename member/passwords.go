package member

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// passwordFile hands out one-time passwords and writes each of them down before its account is
// made.
type passwordFile struct {
	mu    sync.Mutex
	f     *os.File
	known map[string]secret.Secret // by folded name
}

// openPasswords makes the file, which must not be there unless the journal says that an earlier
// run made it; its passwords are used again then.
func openPasswords(path string, log *importLog) (*passwordFile, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	p := &passwordFile{known: map[string]secret.Secret{}}
	if log.passwords[abs] {
		if p.f, err = os.OpenFile(abs, os.O_RDWR, 0o600); err == nil {
			return p, p.read()
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("file of passwords: %w", err)
		}
	}
	p.f, err = os.OpenFile(abs, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s is there already: name another file for the passwords", path)
	}
	if err != nil {
		return nil, fmt.Errorf("file of passwords: %w", err)
	}
	if err := log.append(importLine{Event: importPasswords, Path: abs}); err != nil {
		return nil, errors.Join(err, p.f.Close())
	}
	return p, p.write([][]string{{colUsername, colPassword}})
}

// read takes up what an earlier run wrote; a torn last line is cut off: its account was never
// made.
func (p *passwordFile) read() error {
	b, err := io.ReadAll(p.f)
	if err != nil {
		return fmt.Errorf("file of passwords: %w", err)
	}
	whole := b[:bytes.LastIndexByte(b, '\n')+1]
	rows, err := csv.NewReader(bytes.NewReader(whole)).ReadAll()
	if err != nil {
		return fmt.Errorf("file of passwords: %w", err)
	}
	for _, row := range rows {
		if len(row) == 2 {
			p.known[fold(row[0])] = secret.Secret(row[1])
		}
	}
	if err := p.f.Truncate(int64(len(whole))); err != nil {
		return fmt.Errorf("file of passwords: %w", err)
	}
	_, err = p.f.Seek(int64(len(whole)), io.SeekStart)
	return err
}

// draw answers passwords for accounts that are about to be made, when they are on disk.
func (p *passwordFile) draw(usernames ...string) ([]secret.Secret, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var rows [][]string
	out := make([]secret.Secret, len(usernames))
	for i, name := range usernames {
		if have, ok := p.known[fold(name)]; ok {
			out[i] = have
			continue
		}
		out[i] = "r1-" + secret.New(12)
		p.known[fold(name)] = out[i]
		rows = append(rows, []string{name, out[i].Reveal()})
	}
	return out, p.write(rows)
}

func (p *passwordFile) write(rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	_, err := p.f.Write(b.Bytes())
	if err == nil {
		err = p.f.Sync()
	}
	if err != nil {
		return fmt.Errorf("file of passwords: %w", err)
	}
	return nil
}

func (p *passwordFile) close() error { return p.f.Close() }
