package otel_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/audit/otel"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/log/logtest"
	"golang.org/x/mod/sumdb/note"
)

// newLog opens a log with one mirror.
func newLog(t *testing.T, m audit.Mirror) *audit.Log {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, "example.ru/audit/otel")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(t.Context(), t.TempDir(), audit.Options{
		Catalogue: audit.Catalogue{Actions: []audit.Rule{{Action: "transcript.read"}}, Purposes: []audit.Purpose{"quality-review"},
			Bases: []audit.Basis{"152-fz.6.1.5"}, Subjects: []audit.Kind{"customer"}},
		Signer: signer, Verifier: verifier, Mirrors: []audit.Mirror{m},
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "e1", Secret: [32]byte{1}}}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestMirror(t *testing.T) {
	recorder := logtest.NewRecorder()
	l := newLog(t, otel.New(recorder))
	for _, outcome := range []audit.Outcome{audit.Success, audit.Denied} {
		_, err := l.Record(t.Context(), audit.Event{
			Action: "transcript.read", Outcome: outcome, Actor: audit.Actor{Kind: audit.User, ID: audit.Private("petrova")},
			Subjects: []audit.Subject{{Kind: "customer", ID: audit.Private("Иванов Иван Иванович")}},
			Purpose:  "quality-review", Basis: "152-fz.6.1.5",
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(10 * time.Second); l.Health().Mirrors[0].Next < 3; {
		if time.Now().After(deadline) {
			t.Fatal("the mirror lags")
		}
		time.Sleep(time.Millisecond)
	}
	var got []logtest.Record
	for _, records := range recorder.Result() {
		got = append(got, records...)
	}
	if len(got) != 3 {
		t.Fatalf("%d records, want 3", len(got))
	}
	for i, want := range []struct {
		action   string
		severity log.Severity
	}{{"log.start", log.SeverityInfo}, {"transcript.read", log.SeverityInfo}, {"transcript.read", log.SeverityWarn}} {
		r := got[i]
		e, err := l.Entry(t.Context(), uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if r.Body.AsString() != string(e.Raw) || r.Severity != want.severity || !r.Timestamp.Equal(e.Recorded.Time) {
			t.Errorf("record %d is not that of the log: %v", i, r)
		}
		attributes := map[string]string{}
		for _, a := range r.Attributes {
			attributes[string(a.Key)] = a.Value.String()
		}
		if attributes["audit.action"] != want.action || attributes["audit.seq"] != string(rune('0'+i)) {
			t.Errorf("record %d has the attributes %v", i, attributes)
		}
		if strings.Contains(r.Body.AsString(), "Иванов") || strings.Contains(r.Body.AsString(), "petrova") {
			t.Error("a name in clear")
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	recorder := logtest.NewRecorder()
	if err := otel.New(recorder).Write(ctx, []audit.Entry{{}}); err == nil {
		t.Fatal("no error")
	}
}
