package stores

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/storetest"
	"github.com/syntora/vual/examples/stores/pgtest"
)

var bg = context.Background()

// A database is one to test on: how to open it again from anywhere.
type database struct {
	driver  string
	source  string
	dialect crypto.Dialect
}

func (d database) open() (*sql.DB, error) { return sql.Open(d.driver, d.source) }

func (d database) store(t testing.TB, table string) *crypto.SQLStore {
	t.Helper()
	db, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := crypto.OpenSQLStore(bg, db, d.dialect, table)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// secure_delete has SQLite overwrite what a destroyed key's row held.
func sqlite(t testing.TB) database {
	path := filepath.Join(t.TempDir(), "keys.db")
	return database{"sqlite", "file:" + path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)", crypto.SQLite}
}

func postgres(t testing.TB) database { return database{"pgx", pgtest.Start(t), crypto.PostgreSQL} }

func TestKeyStore(t *testing.T) {
	for name, start := range map[string]func(testing.TB) database{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			d := start(t)
			table := ""
			storetest.Run(t,
				func(t *testing.T) crypto.Store {
					table = fmt.Sprintf("keys_%d", rand.Uint32())
					return d.store(t, table)
				},
				func(t *testing.T) crypto.Store { return d.store(t, table) })
		})
	}
}

func TestTableNames(t *testing.T) {
	db, err := sqlite(t).open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, bad := range []string{"", "1keys", "keys;", "keys--", `k"`, "ключи", strings.Repeat("k", 61)} {
		if _, err := crypto.OpenSQLStore(bg, db, crypto.SQLite, bad); err == nil {
			t.Errorf("table %q is accepted", bad)
		}
	}
	if _, err := crypto.OpenSQLStore(bg, db, 0, "keys"); err == nil {
		t.Error("an unknown dialect is accepted")
	}
}

// A destroyed key's wrapped bytes are not left in the row.
func TestDestroyedRowHoldsNoKey(t *testing.T) {
	for name, start := range map[string]func(testing.TB) database{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			d := start(t)
			keys := crypto.NewOwnerKeys(ring(), d.store(t, "keys"), nil)
			o := crypto.Owner{Tenant: "ромашка"}
			if err := keys.Ensure(bg, o); err != nil {
				t.Fatal(err)
			}
			if _, err := keys.Destroy(bg, o, why); err != nil {
				t.Fatal(err)
			}
			db, err := d.open()
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var record string
			if err := db.QueryRow("SELECT record FROM keys").Scan(&record); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(record, "wrapped") || !strings.Contains(record, "destroyed") {
				t.Error("the row still has a wrapped key, or no tombstone")
			}
		})
	}
}

func ring() *crypto.Keyring {
	return crypto.NewKeyring("root", []byte("0123456789abcdef0123456789abcdef"))
}

var why = crypto.Destruction{Actor: "Петрова", Reason: "отзыв согласия"}

func owner(subject string) crypto.Owner {
	return crypto.Owner{Tenant: "ромашка", Subject: subject}
}

func record(subject string) crypto.Context {
	return crypto.Context{Tenant: "ромашка", Subject: subject, Record: "1"}
}

// A process that works on keys is killed at random moments. What it had acknowledged holds.
func TestCrash(t *testing.T) {
	rounds := 6
	if os.Getenv("VUAL_SOAK") != "" {
		rounds = 60
	}
	for name, start := range map[string]func(testing.TB) database{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			d := start(t)
			sealed, gone := map[string][]byte{}, map[string]bool{}
			for range rounds {
				crash(t, d, sealed, gone)
				k := crypto.NewOwnerKeys(ring(), d.store(t, "keys"), nil)
				for subject, box := range sealed {
					_, err := k.Sealer(crypto.SlotWrapped).Open(bg, nil, box, record(subject))
					if err == crypto.ErrKeyDestroyed {
						gone[subject] = true // the last one perhaps without its acknowledgement
						err = nil
					} else if err == nil && gone[subject] {
						t.Fatal("a destroyed key is back")
					}
					if err != nil {
						t.Fatalf("an acknowledged key is lost: %v", err)
					}
				}
			}
			t.Logf("%d rounds: %d keys acknowledged, %d destroyed", rounds, len(sealed), len(gone))
			if len(sealed) == 0 {
				t.Error("nothing was acknowledged")
			}
		})
	}
}

// crash runs the test binary as the process that is killed and reads what it acknowledges.
func crash(t *testing.T, d database, sealed map[string][]byte, gone map[string]bool) {
	c := exec.Command(os.Args[0], d.driver, d.source)
	c.Env = append(os.Environ(), "VUAL_STORES_CHILD=1")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(100+rand.IntN(200))*time.Millisecond, func() { c.Process.Kill() })
	defer timer.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue // cut by the kill
		}
		if fields[0] == "destroyed" {
			gone[fields[1]] = true
		} else if box, err := hex.DecodeString(fields[2]); err == nil && len(box) == 164 {
			sealed[fields[1]] = box
		}
	}
	c.Wait()
}

func TestMain(m *testing.M) {
	if os.Getenv("VUAL_STORES_CHILD") != "" {
		if err := child(os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// child works until it is killed.
func child(driver, source string) error {
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	dialect := map[string]crypto.Dialect{"sqlite": crypto.SQLite, "pgx": crypto.PostgreSQL}[driver]
	store, err := crypto.OpenSQLStore(bg, db, dialect, "keys")
	if err != nil {
		return err
	}
	k := crypto.NewOwnerKeys(ring(), store, nil)
	if err := k.Ensure(bg, crypto.Owner{Tenant: "ромашка"}); err != nil {
		return err
	}
	for {
		subject := fmt.Sprintf("s-%d", rand.Int64())
		if err := k.Ensure(bg, owner(subject)); err != nil {
			return err
		}
		for range 2 {
			box, err := k.Sealer(crypto.SlotDerived).Seal(bg, nil, make([]byte, 43), record(subject))
			if err != nil {
				return err
			}
			fmt.Printf("sealed %s %x\n", subject, box)
			if err := k.Rotate(bg, owner(subject)); err != nil {
				return err
			}
		}
		if rand.IntN(2) == 0 {
			if _, err := k.Destroy(bg, owner(subject), why); err != nil {
				return err
			}
			fmt.Printf("destroyed %s now\n", subject)
		}
	}
}
