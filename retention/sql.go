package retention

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SQL is a store in one table of a relational database, by database/sql; no driver is
// linked. Make it with [NewSQL]. Safe for concurrent use.
//
// DELETE takes rows out of a table and not their bytes off the disk: SQLite wants PRAGMA
// secure_delete and a truncating checkpoint, PostgreSQL a VACUUM; both keep older
// versions in logs and backups. Options.After is where such work goes, Options.Method where it is named.
type SQL struct {
	db   *sql.DB
	opts SQLOptions
	cols []string // facts, in order of name
}

// SQLOptions describe the table. Names are plain identifiers: letters, digits, _, and one dot for a schema.
type SQLOptions struct {
	System  string            // for the act
	Method  string            // for the act
	Table   string            // required
	Class   string            // required: the class of every row
	ID      string            // required: column with the id, text
	Version string            // required: column that changes with every update, text or integer
	Subject string            // column with the subject's identifier, text; "" if none
	Facts   map[string]string // fact to column; times, RFC 3339 texts, Unix seconds or NULL
	Fence   string            // required: column with the operation that fences the row, text, NULL if none; readers and writers of the service must respect it
	Export  []string          // columns that an export holds, as one JSON object
	Dollar  bool              // placeholders are $1, $2 (PostgreSQL) rather than ?

	// Destroy takes the place of DELETE within the transaction, for anonymize, crypto_shred or rows
	// that others refer to. Nil: delete and export_then_delete are DELETE, others fail.
	Destroy func(ctx context.Context, tx *sql.Tx, t Target) error
	// After runs after the commit of a destruction. An error makes it be tried again.
	After func(ctx context.Context, db *sql.DB) error
}

// NewSQL checks the names. It does not touch the database.
func NewSQL(db *sql.DB, opts SQLOptions) (*SQL, error) {
	s := &SQL{db: db, opts: opts}
	s.cols = append(s.cols, sortedKeys(opts.Facts)...)
	names := []string{opts.Table, opts.ID, opts.Version, opts.Fence}
	names = append(names, opts.Export...)
	for _, c := range opts.Facts {
		names = append(names, c)
	}
	if opts.Subject != "" {
		names = append(names, opts.Subject)
	}
	for _, n := range names {
		if !identifier(n) {
			return nil, errors.New("retention: sql: a table or column name that is no plain identifier")
		}
	}
	if db == nil || opts.System == "" || opts.Class == "" {
		return nil, errors.New("retention: sql: a database, System and Class are wanted")
	}
	return s, nil
}

func identifier(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) > 2 {
		return false
	}
	for _, p := range parts {
		if p == "" || p[0] >= '0' && p[0] <= '9' {
			return false
		}
		for _, r := range p {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
				return false
			}
		}
	}
	return true
}

// System is that of the options.
func (s *SQL) System() string { return s.opts.System }

// Method is that of the options, or tells of a DELETE.
func (s *SQL) Method(Action) string {
	if s.opts.Method != "" {
		return s.opts.Method
	}
	return "удаление записи средствами СУБД (DELETE)"
}

// columns of a record, in the order that record reads.
func (s *SQL) columns() string {
	cols := []string{s.opts.ID, s.opts.Version}
	if s.opts.Subject != "" {
		cols = append(cols, s.opts.Subject)
	}
	for _, f := range s.cols {
		cols = append(cols, s.opts.Facts[f])
	}
	return strings.Join(cols, ", ")
}

// arg is the n-th placeholder, from 1.
func (s *SQL) arg(n int) string {
	if s.opts.Dollar {
		return "$" + strconv.Itoa(n)
	}
	return "?"
}

// Scan implements [Adapter].
func (s *SQL) Scan(ctx context.Context, class, after string, limit int) ([]Record, error) {
	if class != s.opts.Class {
		return nil, nil
	}
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s > %s ORDER BY %s LIMIT %d",
		s.columns(), s.opts.Table, s.opts.ID, s.arg(1), s.opts.ID, limit), after)
	if err != nil {
		return nil, fmt.Errorf("retention: sql: %w", err)
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		r, err := s.record(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("retention: sql: %w", err)
	}
	// The database may order texts by a language; the executor wants bytes, and would
	// stop rather than miss a row.
	if !slices.IsSortedFunc(out, func(a, b Record) int { return strings.Compare(a.ID, b.ID) }) {
		return nil, errors.New("retention: sql: ids are not ordered as bytes; give the id column the collation C or BINARY")
	}
	return out, nil
}

// Classes implements [ClassLister]: the one of the table.
func (s *SQL) Classes(context.Context) ([]string, error) { return []string{s.opts.Class}, nil }

func (s *SQL) record(row interface{ Scan(...any) error }) (Record, error) {
	var id, version string
	var subject sql.NullString
	values := make([]any, len(s.cols))
	dest := []any{&id, &version}
	if s.opts.Subject != "" {
		dest = append(dest, &subject)
	}
	for i := range values {
		dest = append(dest, &values[i])
	}
	if err := row.Scan(dest...); err != nil {
		return Record{}, err
	}
	r := Record{ID: id, Class: s.opts.Class, Version: version, Facts: Facts{}}
	if subject.Valid {
		r.Subjects = []string{subject.String}
	}
	for i, fact := range s.cols {
		t, err := factOf(values[i])
		if err != nil {
			return Record{}, fmt.Errorf("retention: sql: the fact %s: %w", fact, err)
		}
		if !t.IsZero() {
			r.Facts[fact] = t
		}
	}
	return r, nil
}

// factOf reads what drivers give for a time.
func factOf(v any) (t time.Time, err error) {
	switch v := v.(type) {
	case nil:
		return t, nil
	case time.Time:
		return v, nil
	case int64:
		return time.Unix(v, 0).UTC(), nil
	case []byte:
		return factOf(string(v))
	case string:
		if t.UnmarshalText([]byte(v)) == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("neither a time, nor RFC 3339 text, nor Unix seconds")
}

// Lookup implements [Adapter].
func (s *SQL) Lookup(ctx context.Context, class, id string) (Record, bool, error) {
	if class != s.opts.Class {
		return Record{}, false, nil
	}
	r, err := s.record(s.db.QueryRowContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s = %s", s.columns(), s.opts.Table, s.opts.ID, s.arg(1)), id))
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, false, nil
	}
	if err != nil {
		return Record{}, false, fmt.Errorf("retention: sql: %w", err)
	}
	return r, true, nil
}

// Fence implements [Adapter].
func (s *SQL) Fence(ctx context.Context, op, class, id string) error {
	return s.setFence(ctx, class, id, op)
}

// Unfence implements [Adapter].
func (s *SQL) Unfence(ctx context.Context, _, class, id string) error {
	return s.setFence(ctx, class, id, nil)
}

func (s *SQL) setFence(ctx context.Context, class, id string, op any) error {
	if class != s.opts.Class {
		return nil
	}
	_, err := s.db.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s = %s", s.opts.Table, s.opts.Fence, s.arg(1), s.opts.ID, s.arg(2)), op, id)
	if err != nil {
		return fmt.Errorf("retention: sql: %w", err)
	}
	return nil
}

// Export implements [Adapter]: the Export columns of the row as one JSON object.
func (s *SQL) Export(ctx context.Context, _, _, id string, w io.Writer) error {
	if len(s.opts.Export) == 0 {
		return errors.New("retention: sql: no columns to export")
	}
	values := make([]any, len(s.opts.Export))
	dest := make([]any, len(values))
	for i := range values {
		dest[i] = &values[i]
	}
	err := s.db.QueryRowContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s = %s", strings.Join(s.opts.Export, ", "), s.opts.Table, s.opts.ID, s.arg(1)), id).Scan(dest...)
	if err != nil {
		return fmt.Errorf("retention: sql: %w", err)
	}
	row := map[string]any{}
	for i, c := range s.opts.Export {
		if b, ok := values[i].([]byte); ok {
			values[i] = string(b)
		}
		row[c] = values[i]
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(row)
}

// Destroy implements [Adapter] in one transaction: take the row, compare the version, ask
// t.Check, destroy. The update that takes the row locks it against changes meanwhile.
func (s *SQL) Destroy(ctx context.Context, op string, t Target) (Outcome, error) {
	if t.Class != s.opts.Class {
		return OutcomeGone, nil
	}
	outcome, err := s.destroy(ctx, op, t)
	if err != nil {
		if errors.Is(err, ErrHeld) {
			return "", err
		}
		return "", fmt.Errorf("retention: sql: %w", err)
	}
	// A crash between commit and After comes back here with nothing left to delete.
	if outcome != OutcomeVersionChanged && s.opts.After != nil {
		if err := s.opts.After(ctx, s.db); err != nil {
			return "", fmt.Errorf("retention: sql: %w", err)
		}
	}
	return outcome, nil
}

func (s *SQL) destroy(ctx context.Context, op string, t Target) (Outcome, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer tx.Rollback()
	where := fmt.Sprintf(" WHERE %s = %s", s.opts.ID, s.arg(2))
	res, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s = %s", s.opts.Table, s.opts.Fence, s.arg(1))+where, op, t.ID)
	if err != nil {
		return "", err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return OutcomeGone, err
	}
	r, err := s.record(tx.QueryRowContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s = %s", s.columns(), s.opts.Table, s.opts.ID, s.arg(1)), t.ID))
	if err != nil {
		return "", err
	}
	if t.Version != "" && r.Version != t.Version {
		return OutcomeVersionChanged, nil
	}
	if err := t.Check(ctx); err != nil {
		return "", err
	}
	switch {
	case s.opts.Destroy != nil:
		err = s.opts.Destroy(ctx, tx, t)
	case t.Action != Delete:
		err = errors.New("this action wants Options.Destroy")
	default:
		_, err = tx.ExecContext(ctx, fmt.Sprintf("DELETE FROM %s WHERE %s = %s", s.opts.Table, s.opts.ID, s.arg(1)), t.ID)
	}
	if err != nil {
		return "", err
	}
	return OutcomeDestroyed, tx.Commit()
}
