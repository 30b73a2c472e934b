package tokenize

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the statements do is tested on real databases in examples/stores. Here
// is what needs none.

// down is a database that cannot be reached.
type down struct{}

var errDown = errors.New("connection refused")

func (down) Connect(context.Context) (driver.Conn, error) { return nil, errDown }
func (down) Driver() driver.Driver                        { return nil }

func TestNewSQLStoreRefuses(t *testing.T) {
	db := sql.OpenDB(down{})
	for name, build := range map[string]func() (*SQLStore, error){
		"database":  func() (*SQLStore, error) { return NewSQLStore(nil, SQLOptions{Dialect: SQLite}) },
		"dialect":   func() (*SQLStore, error) { return NewSQLStore(db, SQLOptions{}) },
		"dialect 3": func() (*SQLStore, error) { return NewSQLStore(db, SQLOptions{Dialect: 3}) },
		"prefix": func() (*SQLStore, error) {
			return NewSQLStore(db, SQLOptions{Dialect: SQLite, Prefix: "a; DROP TABLE b"})
		},
		"upper": func() (*SQLStore, error) { return NewSQLStore(db, SQLOptions{Dialect: SQLite, Prefix: "A"}) },
		"long": func() (*SQLStore, error) {
			return NewSQLStore(db, SQLOptions{Dialect: SQLite, Prefix: strings.Repeat("a", 41)})
		},
		"digit":   func() (*SQLStore, error) { return NewSQLStore(db, SQLOptions{Dialect: SQLite, Prefix: "1a"}) },
		"newline": func() (*SQLStore, error) { return NewSQLStore(db, SQLOptions{Dialect: SQLite, Prefix: "a\n"}) },
	} {
		s, err := build()
		require.Error(t, err, name)
		require.Nil(t, s, name)
	}
}

func TestSQLDialects(t *testing.T) {
	for dialect, want := range map[Dialect]string{
		SQLite:     "SELECT x FROM crm_tokens WHERE a = ? AND b IN (?, ?)",
		PostgreSQL: "SELECT x FROM crm_tokens WHERE a = $1 AND b IN ($2, $3)",
	} {
		s, err := NewSQLStore(sql.OpenDB(down{}), SQLOptions{Dialect: dialect, Prefix: "crm_"})
		require.NoError(t, err)
		require.Equal(t, want, s.sql("SELECT x FROM {p}tokens WHERE a = ? AND b IN (?, ?)"))
		schema := s.Schema()
		require.Len(t, schema, 5)
		for _, statement := range schema {
			require.Regexp(t, `^CREATE (TABLE|INDEX) IF NOT EXISTS crm_`, statement)
			require.NotContains(t, statement, "{")
			require.NotContains(t, statement, ";")
		}
	}
}

func TestSQLDatabaseDown(t *testing.T) {
	s, err := NewSQLStore(sql.OpenDB(down{}), SQLOptions{Dialect: PostgreSQL})
	require.NoError(t, err)
	_, insertErr := s.Insert(ctx, Row{})
	_, indexErr := s.ByIndex(ctx, []byte("x"))
	_, tokenErr := s.ByToken(ctx, "x")
	kinds, forgetErr := s.Forget(ctx, "a", "b")
	require.Nil(t, kinds)
	_, dropErr := s.DropConversation(ctx, "a", "b")
	_, tenantErr := s.DropTenant(ctx, "a")
	_, expiredErr := s.DeleteExpired(ctx, start, 1)
	for _, err := range []error{insertErr, indexErr, tokenErr, forgetErr, dropErr, tenantErr, expiredErr, s.CreateTables(ctx)} {
		require.ErrorIs(t, err, errDown)
		require.ErrorContains(t, err, "tokenize: store: ")
	}
}
