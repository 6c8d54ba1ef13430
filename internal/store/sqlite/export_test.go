package sqlite

// Commits returns how many batches have been committed.
func (s *Store) Commits() int64 { return s.writer.commits.Load() }
