package clone

import (
	"maps"
	"sync"
)

// table maps source names to target names, for several goroutines.
type table struct {
	mu   sync.RWMutex
	m    map[string]string
	norm func(string) string
}

func newTable(norm func(string) string) *table {
	if norm == nil {
		norm = func(s string) string { return s }
	}
	return &table{m: map[string]string{}, norm: norm}
}

func (t *table) get(source string) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.m[t.norm(source)]
}

func (t *table) set(source, target string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.m[t.norm(source)] = target
}

func (t *table) all() map[string]string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return maps.Clone(t.m)
}
