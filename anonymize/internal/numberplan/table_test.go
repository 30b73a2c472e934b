package numberplan

import (
	"testing"

	"github.com/syntora/vual/anonymize/internal/numberplan/internal/build"
)

// TestTable rebuilds the table: go generate must leave no difference.
func TestTable(t *testing.T) {
	version, err := build.Version()
	if err != nil {
		t.Fatal(err)
	}
	if version != Version {
		t.Errorf("the table is of %s, go.mod requires %s: run go generate", Version, version)
	}
	rebuilt, err := build.Table()
	if err != nil {
		t.Fatal(err)
	}
	if string(rebuilt) != table {
		t.Errorf("table.bin is not what its generator makes (%d bytes, now %d): run go generate", len(table), len(rebuilt))
	}
	const bound = 64 << 10
	if len(table) > bound {
		t.Errorf("the table has %d bytes, more than %d", len(table), bound)
	}
}
