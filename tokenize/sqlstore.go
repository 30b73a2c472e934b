package tokenize

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dialect is the SQL that a [SQLStore] speaks. The zero Dialect is refused.
type Dialect uint8

const (
	// SQLite is 3.24 or later. Let the driver wait for locks
	// (busy_timeout), or a busy database is an error of the call.
	SQLite Dialect = iota + 1
	// PostgreSQL is 11 or later.
	PostgreSQL
)

// SQLOptions of [NewSQLStore].
type SQLOptions struct {
	// Dialect is required.
	Dialect Dialect
	// Prefix begins the names of the two tables; "" means "vual_". Lower-case
	// letters, digits and underscores, from a letter, at most 40.
	Prefix string
}

// SQLStore is a [Store] in two tables of a database: PREFIXtokens and
// PREFIXsubjects. The driver is the caller's. It is safe for concurrent use,
// also by many processes.
//
// Give the tables a database user of their own and backups of short life: a
// deleted row lives on in them and, until it is overwritten, in the files of
// the database (in SQLite unless PRAGMA secure_delete is on).
type SQLStore struct {
	db      *sql.DB
	dialect Dialect
	prefix  string
}

// NewSQLStore returns a store on db, which remains the caller's to close. It does
// not touch the database.
func NewSQLStore(db *sql.DB, opts SQLOptions) (*SQLStore, error) {
	if opts.Prefix == "" {
		opts.Prefix = "vual_"
	}
	if db == nil || opts.Dialect != SQLite && opts.Dialect != PostgreSQL {
		return nil, errors.New("tokenize: SQL store without database or dialect")
	}
	if !validPrefix(opts.Prefix) {
		return nil, errors.New("tokenize: table prefix is not a lower-case name of at most 40")
	}
	return &SQLStore{db, opts.Dialect, opts.Prefix}, nil
}

func validPrefix(p string) bool {
	for i := range len(p) {
		if c := p[i]; !(c >= 'a' && c <= 'z' || i > 0 && (isDigit(c) || c == '_')) {
			return false
		}
	}
	return p != "" && len(p) <= 40
}

const sqlSchema = `
CREATE TABLE IF NOT EXISTS {p}tokens (
	token        TEXT   NOT NULL PRIMARY KEY,
	tenant       TEXT   NOT NULL,
	conversation TEXT   NOT NULL,
	subject      TEXT   NOT NULL,
	kind         TEXT   NOT NULL,
	idx          {blob} NOT NULL UNIQUE,
	box          {blob} NOT NULL,
	created      BIGINT NOT NULL,
	expires      BIGINT NOT NULL,
	tag          {blob} NOT NULL
);
CREATE INDEX IF NOT EXISTS {p}tokens_subject ON {p}tokens (tenant, subject);
CREATE INDEX IF NOT EXISTS {p}tokens_conversation ON {p}tokens (tenant, conversation);
CREATE INDEX IF NOT EXISTS {p}tokens_expires ON {p}tokens (expires) WHERE expires <> 0;
CREATE TABLE IF NOT EXISTS {p}subjects (
	tenant    TEXT    NOT NULL,
	subject   TEXT    NOT NULL,
	forgotten INTEGER NOT NULL,
	uses      BIGINT  NOT NULL,
	PRIMARY KEY (tenant, subject)
)`

// Schema returns the statements that make the tables and indexes, for those
// who keep their schema in migrations. Times are Unix milliseconds; an expires
// of 0 is never.
func (s *SQLStore) Schema() []string {
	return strings.Split(s.sql(strings.TrimSpace(sqlSchema)), ";\n")
}

// CreateTables runs [SQLStore.Schema]. Tables that exist stay as they are.
func (s *SQLStore) CreateTables(ctx context.Context) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		for _, statement := range s.Schema() {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// Insert implements [Store].
func (s *SQLStore) Insert(ctx context.Context, row Row) (Row, error) {
	var standing []Row
	err := s.tx(ctx, func(tx *sql.Tx) error {
		if row.Subject != "" {
			if err := s.holdSubject(ctx, tx, row.Tenant, row.Subject); err != nil {
				return err
			}
		}
		_, err := s.exec(ctx, tx, `DELETE FROM {p}tokens WHERE idx = ? AND expires <> 0 AND expires <= ?`,
			row.Index, row.Created.UnixMilli())
		if err != nil {
			return err
		}
		_, err = s.exec(ctx, tx, `INSERT INTO {p}tokens (`+sqlColumns+`)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			row.Token, row.Tenant, row.Conversation, row.Subject, row.Kind,
			row.Index, row.Box, row.Created.UnixMilli(), milliseconds(row.Expires), row.Tag)
		if err != nil {
			return err
		}
		standing, err = s.rows(ctx, tx, `WHERE idx = ?`, row.Index)
		if err == nil && len(standing) == 0 {
			err = errTokenTaken
		}
		return err
	})
	if err != nil {
		return Row{}, err
	}
	return standing[0], nil
}

// holdSubject refuses a barred subject and holds the lock on his line until
// the transaction ends, so that Forget waits for the row and then deletes it.
// An UPDATE takes that lock in every dialect, a SELECT does not.
func (s *SQLStore) holdSubject(ctx context.Context, tx *sql.Tx, tenant, subject string) error {
	const hold = `UPDATE {p}subjects SET uses = uses + 1 WHERE tenant = ? AND subject = ? AND forgotten = 0`
	if n, err := s.exec(ctx, tx, hold, tenant, subject); n > 0 || err != nil {
		return err
	}
	n, err := s.exec(ctx, tx, `INSERT INTO {p}subjects (tenant, subject, forgotten, uses)
		VALUES (?, ?, 0, 1) ON CONFLICT DO NOTHING`, tenant, subject)
	if n > 0 || err != nil {
		return err
	}
	// Barred, or a moment ago another process made the line.
	n, err = s.exec(ctx, tx, hold, tenant, subject)
	if n == 0 && err == nil {
		return ErrForgotten
	}
	return err
}

// ByIndex implements [Store].
func (s *SQLStore) ByIndex(ctx context.Context, indexes ...[]byte) ([]Row, error) {
	return listed(ctx, s, "idx", indexes)
}

// ByToken implements [Store].
func (s *SQLStore) ByToken(ctx context.Context, tokens ...string) ([]Row, error) {
	return listed(ctx, s, "token", tokens)
}

// maxList is the number of values in one IN list. SQLite permits 999
// parameters in its older versions.
const maxList = 500

func listed[T any](ctx context.Context, s *SQLStore, column string, values []T) ([]Row, error) {
	var all []Row
	seen := map[string]bool{}
	for len(values) > 0 {
		n := min(len(values), maxList)
		args := make([]any, n)
		for i, v := range values[:n] {
			args[i] = v
		}
		rows, err := s.rows(ctx, s.db, `WHERE `+column+` IN (?`+strings.Repeat(", ?", n-1)+`)`, args...)
		if err != nil {
			return nil, s.wrap(err)
		}
		for _, row := range rows {
			if !seen[row.Token] {
				seen[row.Token] = true
				all = append(all, row)
			}
		}
		values = values[n:]
	}
	return all, nil
}

// Forget implements [Store].
func (s *SQLStore) Forget(ctx context.Context, tenant, subject string) (map[string]int, error) {
	kinds := map[string]int{}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		_, err := s.exec(ctx, tx, `INSERT INTO {p}subjects (tenant, subject, forgotten, uses)
			VALUES (?, ?, 1, 0) ON CONFLICT (tenant, subject) DO UPDATE SET forgotten = 1`, tenant, subject)
		if err != nil {
			return err
		}
		if err := s.countKinds(ctx, tx, kinds, tenant, subject); err != nil {
			return err
		}
		_, err = s.exec(ctx, tx, `DELETE FROM {p}tokens WHERE tenant = ? AND subject = ?`, tenant, subject)
		return err
	})
	if err != nil {
		return nil, err
	}
	return kinds, nil
}

func (s *SQLStore) countKinds(ctx context.Context, tx *sql.Tx, kinds map[string]int, tenant, subject string) error {
	rows, err := tx.QueryContext(ctx, s.sql(`SELECT kind, COUNT(*) FROM {p}tokens
		WHERE tenant = ? AND subject = ? GROUP BY kind`), tenant, subject)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var n int
		if err := rows.Scan(&kind, &n); err != nil {
			return err
		}
		kinds[kind] = n
	}
	return rows.Err()
}

// DropConversation implements [Store].
func (s *SQLStore) DropConversation(ctx context.Context, tenant, conversation string) (int, error) {
	return s.drop(ctx, `DELETE FROM {p}tokens WHERE tenant = ? AND conversation = ?`, tenant, conversation)
}

// DropTenant implements [Store].
func (s *SQLStore) DropTenant(ctx context.Context, tenant string) (int, error) {
	var deleted int
	err := s.tx(ctx, func(tx *sql.Tx) (err error) {
		if deleted, err = s.exec(ctx, tx, `DELETE FROM {p}tokens WHERE tenant = ?`, tenant); err != nil {
			return err
		}
		_, err = s.exec(ctx, tx, `DELETE FROM {p}subjects WHERE tenant = ?`, tenant)
		return err
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

// DeleteExpired implements [Store].
func (s *SQLStore) DeleteExpired(ctx context.Context, now time.Time, limit int) (int, error) {
	return s.drop(ctx, `DELETE FROM {p}tokens WHERE token IN (SELECT token FROM {p}tokens
		WHERE expires <> 0 AND expires <= ? LIMIT ?)`, now.UnixMilli(), max(limit, 0))
}

func (s *SQLStore) drop(ctx context.Context, query string, args ...any) (int, error) {
	n, err := s.exec(ctx, s.db, query, args...)
	if err != nil {
		return 0, s.wrap(err)
	}
	return n, nil
}

const sqlColumns = `token, tenant, conversation, subject, kind, idx, box, created, expires, tag`

// querier is *sql.DB or *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (s *SQLStore) rows(ctx context.Context, q querier, where string, args ...any) ([]Row, error) {
	found, err := q.QueryContext(ctx, s.sql(`SELECT `+sqlColumns+` FROM {p}tokens `+where), args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var rows []Row
	for found.Next() {
		var r Row
		var created, expires int64
		err := found.Scan(&r.Token, &r.Tenant, &r.Conversation, &r.Subject, &r.Kind,
			&r.Index, &r.Box, &created, &expires, &r.Tag)
		if err != nil {
			return nil, err
		}
		r.Created = time.UnixMilli(created).UTC()
		if expires != 0 {
			r.Expires = time.UnixMilli(expires).UTC()
		}
		rows = append(rows, r)
	}
	return rows, found.Err()
}

func (s *SQLStore) exec(ctx context.Context, q querier, query string, args ...any) (int, error) {
	res, err := q.ExecContext(ctx, s.sql(query), args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// tx runs do in a transaction. PostgreSQL is held at read committed whatever
// its default: after waiting for a lock each statement must see what the
// other transaction wrote.
func (s *SQLStore) tx(ctx context.Context, do func(*sql.Tx) error) error {
	opts := &sql.TxOptions{}
	if s.dialect == PostgreSQL {
		opts.Isolation = sql.LevelReadCommitted
	}
	tx, err := s.db.BeginTx(ctx, opts)
	if err != nil {
		return s.wrap(err)
	}
	if err := do(tx); err != nil {
		tx.Rollback()
		return s.wrap(err)
	}
	return s.wrap(tx.Commit())
}

func (s *SQLStore) wrap(err error) error {
	if err == nil || errors.Is(err, ErrForgotten) || errors.Is(err, errTokenTaken) {
		return err
	}
	return fmt.Errorf("tokenize: store: %w", err)
}

// sql writes a statement in the store's dialect.
func (s *SQLStore) sql(query string) string {
	blob := "BLOB"
	if s.dialect == PostgreSQL {
		blob = "BYTEA"
	}
	query = strings.NewReplacer("{p}", s.prefix, "{blob}", blob).Replace(query)
	if s.dialect == SQLite {
		return query
	}
	var b strings.Builder
	n := 0
	for _, r := range query {
		if r == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
