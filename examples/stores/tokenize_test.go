package stores

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/tokenize"
	tokentest "github.com/syntora/vual/tokenize/storetest"
)

var databases = map[string]func(testing.TB) database{"SQLite": sqlite, "PostgreSQL": postgres}

func (d database) tokens(t testing.TB, prefix string) (*tokenize.SQLStore, *sql.DB) {
	t.Helper()
	db, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	dialect := map[crypto.Dialect]tokenize.Dialect{crypto.SQLite: tokenize.SQLite, crypto.PostgreSQL: tokenize.PostgreSQL}[d.dialect]
	s, err := tokenize.NewSQLStore(db, tokenize.SQLOptions{Dialect: dialect, Prefix: prefix})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // tables that exist stay
		if err := s.CreateTables(bg); err != nil {
			t.Fatal(err)
		}
	}
	return s, db
}

func prefix() string { return fmt.Sprintf("t%d_", rand.Uint32()) }

func TestTokenStore(t *testing.T) {
	for name, start := range databases {
		t.Run(name, func(t *testing.T) {
			d := start(t)
			tokentest.Run(t, func(t *testing.T) tokenize.Store {
				s, _ := d.tokens(t, prefix())
				return s
			})
		})
	}
}

// A database may have any isolation as its default; the store holds its own.
func TestTokenStoreOnSerializable(t *testing.T) {
	d := postgres(t)
	d.source += " default_transaction_isolation=serializable"
	_, db := d.tokens(t, prefix())
	var level string
	if err := db.QueryRow("SHOW default_transaction_isolation").Scan(&level); err != nil || level != "serializable" {
		t.Fatalf("isolation %q, %v", level, err)
	}
	tokentest.Run(t, func(t *testing.T) tokenize.Store {
		s, _ := d.tokens(t, prefix())
		return s
	})
}

// vault is a process of its own: a connection, keys and a sealer for each
// subject from package crypto.
func vault(t *testing.T, d database, keys *crypto.OwnerKeys, prefix string) (*tokenize.Vault, *sql.DB) {
	t.Helper()
	store, db := d.tokens(t, prefix)
	tenant := crypto.Owner{Tenant: "ромашка"}
	if err := keys.Ensure(bg, tenant); err != nil {
		t.Fatal(err)
	}
	secret, version, err := keys.Subkey(bg, tenant, 0, "tokenize")
	if err != nil {
		t.Fatal(err)
	}
	ring, err := tokenize.NewKeyring(version, map[uint32][]byte{version: secret})
	if err != nil {
		t.Fatal(err)
	}
	sealer := keys.Sealer(crypto.SlotDerived)
	v, err := tokenize.NewVault(tokenize.Tenant("ромашка"), store,
		sealer.Bind(crypto.Context{Tenant: "ромашка", Kind: "token"}), ring,
		&tokenize.VaultOptions{
			Allow: tokenize.PermitKinds(map[string][]string{"callback": {"PHONE"}}),
			SubjectSealer: func(ctx context.Context, scope tokenize.Scope, subject string) (tokenize.Sealer, error) {
				o := crypto.Owner{Tenant: scope.TenantID(), Subject: subject}
				if err := keys.Ensure(ctx, o); err != nil {
					return nil, err
				}
				return sealer.Bind(crypto.Context{Tenant: o.Tenant, Subject: subject, Kind: "token"}), nil
			},
		})
	if err != nil {
		t.Fatal(err)
	}
	return v, db
}

// Two processes on one database give equal values equal tokens; what one
// forgets the other does not reveal and takes no more; the tables never hold a
// value in clear.
func TestVaultInTwoProcesses(t *testing.T) {
	for name, start := range databases {
		t.Run(name, func(t *testing.T) {
			d, p := start(t), prefix()
			store := d.store(t, "keys")
			one, db := vault(t, d, crypto.NewOwnerKeys(ring(), store, nil), p)
			two, _ := vault(t, d, crypto.NewOwnerKeys(ring(), store, nil), p)

			// crm-42 and crm-43 speak in one call and share a phone.
			phones := []string{"+79160000000", "+79160000001", "+79160000002"}
			ivan, maria := tokensOf(t, one, two, "crm-42", phones), tokensOf(t, one, two, "crm-43", phones[:1])
			for _, table := range []string{p + "tokens", p + "subjects"} {
				for _, cell := range cells(t, db, "SELECT * FROM "+table) {
					for _, phone := range phones {
						if bytes.Contains(cell, []byte(phone[2:])) {
							t.Errorf("%s holds a value in clear", table)
						}
					}
				}
			}

			done, err := one.Forget(bg, "crm-42")
			if err != nil || !maps.Equal(done.Kinds, map[string]int{"PHONE": 3}) {
				t.Fatalf("Forget: %v, %v", done, err)
			}
			results, err := two.Detokenize(bg, "callback", append(ivan, maria...)...)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range results {
				if last := i == len(results)-1; last && r.Value.Reveal() != phones[0] || !last && !errors.Is(r.Err, tokenize.ErrNotFound) {
					t.Errorf("token %d: %v", i, r.Err)
				}
			}
			person, err := two.Subject("crm-42")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := person.Token(bg, "PHONE", phones[0]); !errors.Is(err, tokenize.ErrForgotten) {
				t.Errorf("Token for the forgotten: %v", err)
			}
		})
	}
}

// tokensOf asks both processes at once for the tokens of a subject's phones.
func tokensOf(t *testing.T, one, two *tokenize.Vault, subject string, phones []string) []string {
	t.Helper()
	got := [2][]string{make([]string, len(phones)), make([]string, len(phones))}
	var wait sync.WaitGroup
	for process, v := range []*tokenize.Vault{one, two} {
		person, err := v.Subject(subject)
		if err != nil {
			t.Fatal(err)
		}
		for i, phone := range phones {
			wait.Go(func() {
				token, err := person.Token(bg, "PHONE", phone)
				got[process][i] = token
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	for i := range phones {
		if got[0][i] != got[1][i] || got[0][i] == "" {
			t.Fatalf("phone %d of %s has two tokens", i, subject)
		}
	}
	return got[0]
}

// cells returns every cell of a result as bytes.
func cells(t *testing.T, db *sql.DB, query string) (all [][]byte) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for _, cell := range row {
			all = append(all, bytes.Clone(cell))
		}
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%d cells, %v", len(all), err)
	}
	return all
}
