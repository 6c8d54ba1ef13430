package sqlite

import "context"

// Load is how busy the writer is.
type Load struct {
	Waiting int64 // changes that wait for the writer or are in its batch
	Changes int64 // changes since the start
	Commits int64 // commits since the start; changes that wait together share one
}

// Load tells how busy the writer is. It costs nothing.
func (s *Store) Load() Load {
	w := s.writer
	return Load{Waiting: w.waiting.Load(), Changes: w.changes.Load(), Commits: w.commits.Load()}
}

// Holdings counts what the store holds.
type Holdings struct {
	Members, Groups, Items int64
	Tokens                 int64
	Blobs, BlobBytes       int64 // contents of items, resources and pictures, each once
}

// Holdings counts what the store holds, by counting rows: it is meant for a monitor that asks
// now and then.
func (s *Store) Holdings(ctx context.Context) (h Holdings, err error) {
	session, err := s.readers.take(ctx)
	if err != nil {
		return h, err
	}
	row := session.conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM groups), (SELECT count(*) FROM items),
		(SELECT count(*) FROM tokens), (SELECT count(*) FROM blobs), (SELECT coalesce(sum(size), 0) FROM blobs)`)
	err = row.Scan(&h.Members, &h.Groups, &h.Items, &h.Tokens, &h.Blobs, &h.BlobBytes)
	s.readers.give(session, err != nil)
	return h, err
}
