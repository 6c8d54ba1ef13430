package clone

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

// passwordHeader is the first line of a password file.
const passwordHeader = "username,password\n"

// passwordFile holds the first passwords of new accounts: the only place where a run writes a
// secret. A line is on disk before its account is made.
type passwordFile struct {
	mu    sync.Mutex
	file  *os.File
	known map[string]secret.Secret // by folded name
}

// openPasswords makes the password file at path with mode 0600. One that is there already is
// taken only when the journal says that the run it resumes had made it; its accounts keep the
// passwords that it holds.
func openPasswords(path string, resumed bool) (*passwordFile, error) {
	flags := os.O_RDWR | os.O_CREATE | os.O_EXCL
	if resumed {
		flags &^= os.O_EXCL
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("password file %s is there already; name one that is not, or move it away", path)
	}
	if err != nil {
		return nil, fmt.Errorf("password file: %w", err)
	}
	p := &passwordFile{file: f, known: map[string]secret.Secret{}}
	if err := p.load(); err != nil {
		f.Close()
		return nil, fmt.Errorf("password file %s: %w", path, err)
	}
	return p, nil
}

// load reads what an earlier run wrote and cuts off a torn last line: its account was not made.
func (p *passwordFile) load() error {
	if err := p.file.Chmod(0o600); err != nil {
		return err
	}
	raw, err := io.ReadAll(p.file)
	if err != nil {
		return err
	}
	if len(raw) == 0 || !bytes.HasPrefix(raw, []byte(passwordHeader)) {
		if !bytes.HasPrefix([]byte(passwordHeader), raw) {
			return fmt.Errorf("it does not begin with %q; it is not one of ours", passwordHeader[:len(passwordHeader)-1])
		}
		raw = []byte(passwordHeader)
		if _, err := p.file.WriteAt(raw, 0); err != nil {
			return err
		}
		if err := p.file.Sync(); err != nil {
			return err
		}
	}
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
	rows, err := csv.NewReader(bytes.NewReader(whole)).ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		p.known[fold(row[0])] = secret.Secret(row[1])
	}
	if err := p.file.Truncate(int64(len(whole))); err != nil {
		return err
	}
	_, err = p.file.Seek(int64(len(whole)), io.SeekStart)
	return err
}

// next returns the password of an account, which the file holds when next returns.
func (p *passwordFile) next(username string) (secret.Secret, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if old, ok := p.known[fold(username)]; ok {
		return old, nil
	}
	password := newPassword()
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	if err := w.Write([]string{username, password.Reveal()}); err != nil {
		return "", fmt.Errorf("password file: %w", err)
	}
	w.Flush()
	if _, err := p.file.Write(line.Bytes()); err != nil {
		return "", fmt.Errorf("password file: %w", err)
	}
	if err := p.file.Sync(); err != nil {
		return "", fmt.Errorf("password file: %w", err)
	}
	p.known[fold(username)] = password
	return password, nil
}

func (p *passwordFile) close() error {
	if p == nil {
		return nil
	}
	return p.file.Close()
}

// passwordPath is how a journal names the password file; empty: there is none.
func (o ApplyOptions) passwordPath() (string, error) {
	if o.PasswordsOut == "" {
		return "", nil
	}
	path, err := filepath.Abs(o.PasswordsOut)
	if err != nil {
		return "", fmt.Errorf("password file: %w", err)
	}
	return path, nil
}
