package sinktest_test

import (
	"testing"

	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/audit/sinktest"
)

func TestFileStore(t *testing.T) {
	for name, opts := range map[string]*audit.FileOptions{"defaults": nil, "small segments": {SegmentBytes: 500}} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Opener {
				dir := t.TempDir()
				return func() (audit.Store, error) { return audit.OpenFiles(dir, sinktest.Origin, opts) }
			})
		})
	}
}
