package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. It refuses a database that a newer program has
// written: its tables may mean what this one does not know.
func migrate(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithDisableGlobalRegistry(true), goose.WithSlog(log))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if have > want {
		return fmt.Errorf("the database has schema version %d, this program knows %d: use the newer program that wrote it", have, want)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migration: %w", err)
	}
	for _, step := range done {
		log.Info("schema brought up to date", "op", "migrate", "version", step.Source.Version, "dur", step.Duration)
	}
	return nil
}
