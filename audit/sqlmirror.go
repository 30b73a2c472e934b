package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Several processes may have one mirror. The row of a mirror in
// vual_audit_mirror says how far it has come, which process feeds it, and
// until when: a process that died is followed by another after mirrorTurns
// timeouts. Should the clocks of two machines differ by more, both feed it for
// a while: the mirror gets records twice, and none less.
const mirrorTurns = 3

// feedMirror sends one batch of sealed records, if there is one and it is this
// process's turn.
func (l *SQLLog) feedMirror(ctx context.Context, m Mirror, next *uint64) (int, error) {
	r, err := l.Reader(ctx)
	if err != nil {
		return 0, err
	}
	_, size := r.store.Bounds()
	mine, err := l.claimMirror(ctx, m, next, size)
	if err != nil || !mine {
		return 0, err
	}
	n, err := r.feed(ctx, m, next, l.opts.MirrorTimeout)
	if n == 0 || err != nil {
		return 0, err
	}
	_, err = l.db.ExecContext(ctx, `UPDATE vual_audit_mirror SET next = $1, until = $2 WHERE log = $3 AND name = $4 AND owner = $5`,
		int64(*next), l.mirrorTurn(), l.name(), m.Name(), l.instance)
	if err != nil {
		return 0, fmt.Errorf("audit: mirror: %w", err)
	}
	return n, nil
}

// claimMirror reads how far a mirror has come, and reports whether this process
// is to go on. It writes nothing unless there is something to send.
func (l *SQLLog) claimMirror(ctx context.Context, m Mirror, next *uint64, size uint64) (mine bool, err error) {
	var n, until int64
	var owner string
	read := func() error {
		return l.db.QueryRowContext(ctx, `SELECT next, owner, until FROM vual_audit_mirror WHERE log = $1 AND name = $2`, l.name(), m.Name()).Scan(&n, &owner, &until)
	}
	if err = read(); errors.Is(err, sql.ErrNoRows) {
		_, err = l.db.ExecContext(ctx, `INSERT INTO vual_audit_mirror (log, name, next, owner, until) VALUES ($1, $2, 0, '', 0) ON CONFLICT (log, name) DO NOTHING`,
			l.name(), m.Name())
		if err == nil {
			err = read()
		}
	}
	if err != nil {
		return false, fmt.Errorf("audit: mirror: %w", err)
	}
	// A cursor beyond the log would skip what is to come.
	*next = min(uint64(max(n, 0)), size)
	now := l.opts.Clock().UnixMicro()
	if *next == size || owner != l.instance && until > now {
		return false, nil
	}
	r, err := l.db.ExecContext(ctx, `UPDATE vual_audit_mirror SET owner = $1, until = $2 WHERE log = $3 AND name = $4 AND next = $5 AND owner = $6 AND until = $7`,
		l.instance, l.mirrorTurn(), l.name(), m.Name(), n, owner, until)
	if err != nil {
		return false, fmt.Errorf("audit: mirror: %w", err)
	}
	changed, err := r.RowsAffected()
	return changed == 1, err
}

// mirrorTurn is when another process may follow this one.
func (l *SQLLog) mirrorTurn() int64 {
	return l.opts.Clock().Add(mirrorTurns * l.opts.MirrorTimeout).UnixMicro()
}

// leaveMirrors lets another process feed them at once.
func (l *SQLLog) leaveMirrors(ctx context.Context) error {
	var errs []error
	for _, m := range l.opts.Mirrors {
		_, err := l.db.ExecContext(ctx, `UPDATE vual_audit_mirror SET until = 0 WHERE log = $1 AND name = $2 AND owner = $3`, l.name(), m.Name(), l.instance)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
