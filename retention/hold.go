package retention

import (
	"errors"
	"reflect"
	"slices"
	"time"
)

// A Hold suspends the destruction of what it covers: for a lawsuit, an inspection, an
// investigation. It does not erase duties. When it is released they stand as they would without it, as
// overdue perhaps. Placing and releasing one is for the audit log to record.
type Hold struct {
	ID       string    `json:"id"`
	Matter   string    `json:"matter,omitempty"` // what it is for, as a reference
	PlacedBy string    `json:"placed_by,omitempty"`
	Reason   string    `json:"reason,omitempty"` // a code, not a text
	Scope    Scope     `json:"scope,omitzero"`
	Placed   time.Time `json:"placed"`
	Released time.Time `json:"released,omitzero"` // zero: still open
}

// A Scope says which records a hold covers: those named by any of its lists, or all. The
// zero Scope covers none.
type Scope struct {
	All      bool     `json:"all,omitempty"`
	Records  []string `json:"records,omitempty"`
	Classes  []string `json:"classes,omitempty"`
	Subjects []string `json:"subjects,omitempty"`
}

// Covers reports whether the hold's scope takes in the record. It does not look at time.
func (h *Hold) Covers(r Record) bool {
	return h.Scope.All || slices.Contains(h.Scope.Records, r.ID) || slices.Contains(h.Scope.Classes, r.Class) ||
		slices.ContainsFunc(r.Subjects, func(s string) bool { return slices.Contains(h.Scope.Subjects, s) })
}

// open reports whether the hold is in force: from the instant it is placed until, not at,
// the instant it is released.
func (h *Hold) open(t time.Time) bool {
	return !h.Placed.IsZero() && !t.Before(h.Placed) && (h.Released.IsZero() || t.Before(h.Released))
}

// ParseHolds reads a JSON list of holds, strictly: a misspelt key could lose one.
func ParseHolds(data []byte) ([]Hold, error) {
	n, err := parseNode(data)
	if err != nil {
		return nil, err
	}
	var holds []Hold
	if err := n.decode(reflect.ValueOf(&holds).Elem(), ""); err != nil {
		return nil, err
	}
	for i := range holds {
		if h := &holds[i]; h.ID == "" || h.Placed.IsZero() || !h.Released.IsZero() && h.Released.Before(h.Placed) {
			return nil, errors.New("retention: a hold without id or placed, or released before it was placed")
		}
	}
	return holds, nil
}
