package retention

import (
	"context"
	"errors"
	"io"
)

// An Adapter is a store that takes part in retention. Every call may come again with
// the same operation id after a crash and must then do no harm. Package adaptertest tries an
// implementation. The executor calls one adapter from one goroutine at a time.
type Adapter interface {
	// System is the name of the personal-data system, as acts show it. It is unique
	// among the adapters of an executor.
	System() string

	// Method says, for the act, how this store carries out the action and with which tool;
	// 152-FZ, art. 19(2)(3.1), wants tools whose conformity was assessed.
	Method(Action) string

	// Scan returns up to limit records of a class whose ids are greater than after, in
	// increasing order of ids as bytes. Fenced records are among them.
	Scan(ctx context.Context, class, after string, limit int) ([]Record, error)

	// Lookup reads one record afresh. Its absence is not an error.
	Lookup(ctx context.Context, class, id string) (r Record, present bool, err error)

	// Fence stops reads and writes of the record for all but this interface, and lets nobody make it anew.
	// The version stays. Fencing what is fenced or absent is no error.
	Fence(ctx context.Context, op, class, id string) error

	// Unfence undoes Fence for a record that is not to go after all.
	Unfence(ctx context.Context, op, class, id string) error

	// Export writes the record as its owner may read it.
	Export(ctx context.Context, op, class, id string, w io.Writer) error

	// Destroy carries out t.Action if the record still has t.Version ("" is any) and
	// t.Check, called within the same transaction or lock where the store has one, returns nil.
	Destroy(ctx context.Context, op string, t Target) (Outcome, error)
}

// A ClassLister is an [Adapter] that can tell the classes of its records. By it [MakePlan] finds
// records for which the policy has no rules, and reports them as [Unclassified]; of an adapter that is
// none they would stay unseen. A record whose description does not read has the class "".
type ClassLister interface {
	Classes(ctx context.Context) ([]string, error)
}

// A Target is what an adapter is to destroy.
type Target struct {
	Class   string
	ID      string
	Version string // that the decision saw; "" for copies that have none
	Action  Action // Delete, CryptoShred or Anonymize; an export has been made before
	Check   func(context.Context) error
}

// An Outcome says what became of a target. The zero Outcome is none.
type Outcome string

// The outcomes.
const (
	OutcomeDestroyed      Outcome = "destroyed"
	OutcomeGone           Outcome = "gone"            // it was not there
	OutcomeVersionChanged Outcome = "version_changed" // not touched
)

// ErrHeld is what Target.Check returns when a hold covers the record. An adapter passes it on.
var ErrHeld = errors.New("retention: a hold covers the record")

var errAction = errors.New("retention: not an action that a store carries out")

// A Store is a system with the systems that hold copies of its records under the same class and
// id: a search index, a cache. Copies go first; the store, whose facts decide,
// goes last, so that nothing is lost sight of in between. Copies whose record the store no longer
// has are not looked for: who deletes past the executor sees to them.
type Store struct {
	Adapter
	Copies []Adapter
}

// A Sealer protects what is written to disk. What crypto.Sealer.Bind returns is one.
type Sealer interface {
	Seal(ctx context.Context, dst, plaintext, ad []byte) ([]byte, error)
	Open(ctx context.Context, dst, box, ad []byte) ([]byte, error)
}
