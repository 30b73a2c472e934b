package crypto

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A process that creates, rotates and destroys keys is killed at random moments. Whatever it
// had acknowledged must hold: sealed data opens, destroyed keys stay destroyed and leave no
// wrapped key behind.
func TestCrash(t *testing.T) {
	rounds := 15
	if os.Getenv("VUAL_SOAK") != "" {
		rounds = 300
	}
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "keys")
	sealed := map[string][]byte{} // subject: an envelope that must open
	gone := map[string]bool{}
	for range rounds {
		c := startChild(t, "crash", dir)
		// From its first word on it has up to 50 ms to live.
		var timer *time.Timer
		for c.out.Scan() {
			if timer == nil {
				timer = time.AfterFunc(time.Duration(rand.IntN(50_000))*time.Microsecond, func() { c.cmd.Process.Kill() })
			}
			fields := strings.Fields(c.out.Text())
			if len(fields) != 3 { // the last line may be cut
				continue
			}
			switch fields[0] {
			case "sealed":
				if box, err := hex.DecodeString(fields[2]); err == nil {
					if _, err := Inspect(box); err == nil {
						sealed[fields[1]] = box
					}
				}
			case "destroyed":
				gone[fields[1]] = true
			}
		}
		c.kill()

		store, err := OpenFileStore(dir)
		require.NoError(t, err)
		k := NewOwnerKeys(testRing(), store, nil)
		for subject, box := range sealed {
			o := crashOwner(subject)
			_, err := k.Sealer(SlotWrapped).Open(ctx, nil, box, of(o))
			if gone[subject] {
				require.ErrorIs(t, err, ErrKeyDestroyed, "an acknowledged destruction was undone")
				require.ErrorIs(t, k.Ensure(ctx, o), ErrKeyDestroyed)
				continue
			}
			// The last destruction may have come to be without its acknowledgement.
			if err != nil {
				require.ErrorIs(t, err, ErrKeyDestroyed, "an acknowledged key was lost")
				gone[subject] = true
			}
		}
	}
	t.Logf("%d rounds: %d keys acknowledged, %d destroyed", rounds, len(sealed), len(gone))
	require.NotEmpty(t, sealed)
}

func crashOwner(subject string) Owner { return Owner{Tenant: "romashka", Subject: subject} }

// childCrash works until it is killed.
func childCrash(dir string) {
	ctx := context.Background()
	store, err := OpenFileStore(dir)
	check(err)
	k := NewOwnerKeys(testRing(), store, nil)
	check(k.Ensure(ctx, tenantOwner))
	for {
		subject := fmt.Sprintf("s-%d", rand.Int64())
		o := crashOwner(subject)
		check(k.Ensure(ctx, o))
		report := func() {
			box, err := k.Sealer(SlotWrapped).Seal(ctx, nil, []byte("x"), of(o))
			check(err)
			fmt.Printf("sealed %s %x\n", subject, box)
		}
		report()
		check(k.Rotate(ctx, o))
		report()
		check(k.Rotate(ctx, tenantOwner))
		check(k.Rewrap(ctx, o))
		if rand.IntN(2) == 0 {
			_, err := k.Destroy(ctx, o, why)
			check(err)
			fmt.Printf("destroyed %s now\n", subject)
		}
	}
}
