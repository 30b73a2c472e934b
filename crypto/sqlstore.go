package crypto

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// A SQLStore keeps records in one table of a database. The caller brings the driver. It is
// tested on SQLite and PostgreSQL; each change is one statement, so no isolation level is
// asked for.
//
// Databases keep old rows for a while: set SQLite's secure_delete, let PostgreSQL vacuum the
// table, and mind the write-ahead log and the backups of both.
type SQLStore struct {
	db      *sql.DB
	table   string
	dialect Dialect
}

// A Dialect is how a database writes the parameters of a statement.
type Dialect uint8

const (
	// SQLite writes parameters as question marks.
	SQLite Dialect = iota + 1
	// PostgreSQL writes them as $1, $2.
	PostgreSQL
)

// OpenSQLStore uses the table of that name, which is made if it is missing. The name is
// letters, digits and underscores: another one, or an unknown dialect, is an error.
func OpenSQLStore(ctx context.Context, db *sql.DB, dialect Dialect, table string) (*SQLStore, error) {
	if dialect != SQLite && dialect != PostgreSQL || !validTable(table) {
		return nil, errors.New("crypto: unusable dialect or table name")
	}
	s := &SQLStore{db: db, table: table, dialect: dialect}
	_, err := db.ExecContext(ctx, s.statement(`CREATE TABLE IF NOT EXISTS {table} (
	tenant       TEXT   NOT NULL,
	conversation TEXT   NOT NULL,
	subject      TEXT   NOT NULL,
	revision     BIGINT NOT NULL,
	state        TEXT   NOT NULL,
	record       TEXT   NOT NULL,
	PRIMARY KEY (tenant, conversation, subject)
)`))
	if err == nil {
		return s, nil
	}
	// PostgreSQL fails one of two processes that make the table at the same time.
	rows, probeErr := db.QueryContext(ctx, s.statement(`SELECT record FROM {table} WHERE revision < 0`))
	if probeErr != nil {
		return nil, err
	}
	return s, rows.Close()
}

func validTable(name string) bool {
	const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"
	return name != "" && len(name) <= 60 && strings.Trim(name, chars) == "" && (name[0] < '0' || name[0] > '9')
}

// Load returns the owner's record.
func (s *SQLStore) Load(ctx context.Context, o Owner) (KeyRecord, error) {
	var data string
	err := s.db.QueryRowContext(ctx, s.statement(`SELECT record FROM {table}
WHERE tenant = ? AND conversation = ? AND subject = ?`), o.Tenant, o.Conversation, o.Subject).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return KeyRecord{}, ErrUnknownKey
	}
	if err != nil {
		return KeyRecord{}, err
	}
	return decodeRecord([]byte(data))
}

// Save writes a record.
func (s *SQLStore) Save(ctx context.Context, o Owner, r KeyRecord) error {
	data, err := encodeRecord(r)
	if err != nil {
		return err
	}
	var result sql.Result
	if r.Revision == 1 {
		result, err = s.db.ExecContext(ctx, s.statement(`INSERT INTO {table}
(tenant, conversation, subject, revision, state, record) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, conversation, subject) DO NOTHING`),
			o.Tenant, o.Conversation, o.Subject, 1, string(r.State), string(data))
	} else {
		result, err = s.db.ExecContext(ctx, s.statement(`UPDATE {table} SET revision = ?, state = ?, record = ?
WHERE tenant = ? AND conversation = ? AND subject = ? AND revision = ? AND state <> ?`),
			int64(r.Revision), string(r.State), string(data),
			o.Tenant, o.Conversation, o.Subject, int64(r.Revision-1), string(KeyDestroyed))
	}
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil || n == 1 {
		return err
	}
	if before, err := s.Load(ctx, o); err == nil && before.State == KeyDestroyed {
		return ErrKeyDestroyed
	}
	return ErrConflict
}

// Owners lists the tenant's conversations and subjects.
func (s *SQLStore) Owners(ctx context.Context, tenant string) iter.Seq2[Owner, error] {
	return func(yield func(Owner, error) bool) {
		rows, err := s.db.QueryContext(ctx, s.statement(`SELECT conversation, subject FROM {table}
WHERE tenant = ? AND (conversation <> '' OR subject <> '')`), tenant)
		if err != nil {
			yield(Owner{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			o := Owner{Tenant: tenant}
			if err := rows.Scan(&o.Conversation, &o.Subject); err != nil {
				yield(Owner{}, err)
				return
			}
			if !yield(o, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Owner{}, err)
		}
	}
}

// String names the table.
func (s *SQLStore) String() string { return "crypto.SQLStore(" + s.table + ")" }

// statement puts the table's name in and numbers the parameters where the dialect asks.
func (s *SQLStore) statement(query string) string {
	query = strings.Replace(query, "{table}", s.table, 1)
	if s.dialect != PostgreSQL {
		return query
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			fmt.Fprintf(&b, "$%d", n)
		}
		b.WriteString(part)
		n++
	}
	return b.String()
}
