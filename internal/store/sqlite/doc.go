// Package sqlite is the portal's metadata store in one SQLite file, portal.db.
package sqlite
