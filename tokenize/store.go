package tokenize

import (
	"context"
	"time"
)

// Row is one value of a vault as a store keeps it. It holds no value in clear,
// but Subject is kept as given: use an id of your own for it, never a phone or
// a name. The slices belong to whoever made the Row.
type Row struct {
	Token        string // text of the token, unique in the store, ASCII
	Tenant       string
	Conversation string // empty in the tenant's scope
	Subject      string // empty for nobody's
	Kind         string
	Index        []byte    // keyed hash of the value in its scope, 32 bytes, unique in the store
	Box          []byte    // the sealed value
	Created      time.Time // whole milliseconds, UTC
	Expires      time.Time // zero for never
	Tag          []byte    // MAC over all of the above, 32 bytes
}

// Store keeps the rows of vaults. It is trusted to lose nothing and to keep
// order, not with secrets: rows are sealed and authenticated by [Vault], so who
// writes to the store can delete values but not read, swap or prolong them.
// He can also put back a row that was deleted.
//
// Implementations are safe for concurrent use by many processes and never
// return half of a change. Package storetest holds them to this contract.
type Store interface {
	// Insert adds row, unless a row of the same Index stands and does not
	// expire by row.Created: then it changes nothing. It returns the row that
	// stands afterwards. An expired one is replaced. For a subject barred by
	// Forget it returns [ErrForgotten]; for a Token already taken it returns
	// an error and changes nothing.
	Insert(ctx context.Context, row Row) (Row, error)
	// ByIndex returns the rows that have one of the indexes, expired ones
	// included, in any order.
	ByIndex(ctx context.Context, indexes ...[]byte) ([]Row, error)
	// ByToken returns the rows that have one of the tokens, expired ones
	// included, in any order.
	ByToken(ctx context.Context, tokens ...string) ([]Row, error)
	// Forget deletes every row of the subject in all conversations of the
	// tenant, bars the subject for ever, and returns the deleted rows' number
	// by kind. An Insert that runs at the same time is either deleted or
	// refused. To forget twice is no error. The subject is not empty.
	Forget(ctx context.Context, tenant, subject string) (map[string]int, error)
	// DropConversation deletes the rows of one conversation and returns their
	// number; of none ("") it deletes those of the tenant's own scope.
	DropConversation(ctx context.Context, tenant, conversation string) (int, error)
	// DropTenant deletes the rows and the bars of a tenant and returns the
	// rows' number. Like DropConversation it holds up nobody: an Insert that
	// runs at the same time may stay, so stop what writes for the tenant first.
	DropTenant(ctx context.Context, tenant string) (int, error)
	// DeleteExpired deletes at most limit rows that expire by now, none for a
	// limit below 1, and returns their number. Call it until it returns less
	// than limit.
	DeleteExpired(ctx context.Context, now time.Time, limit int) (int, error)
}
