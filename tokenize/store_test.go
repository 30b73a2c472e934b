package tokenize_test

import (
	"testing"

	"github.com/syntora/vual/tokenize"
	"github.com/syntora/vual/tokenize/storetest"
)

func TestMemStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) tokenize.Store { return new(tokenize.MemStore) })
}
