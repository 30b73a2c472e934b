package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// exported is one denied read, as a log holds it.
func exported() Entry {
	return Entry{
		Seq: 41, ID: ID{1}, Link: ID{2}, Recorded: At(time.UnixMicro(1_790_000_000_123_456)), Version: 1,
		Action: "transcript.read", Outcome: Denied, Code: "not-found", Tenant: "p1.e1.t",
		Actor:    EntryActor{Kind: Admin, ID: "p1.e1.a", Session: "p1.e1.s", Auth: "sso"},
		Subjects: []EntrySubject{{"customer", "p1.e1.x"}, {"phone", "p1.e1.y"}},
		Object:   EntryObject{Type: "transcript", ID: "p1.e1.o", System: "calls", Categories: []string{"voice"}},
		Purpose:  "quality-review", Basis: "152-fz.6.1.5",
		Origin:  EntryOrigin{Service: "api", Network: "192.0.2.0/24"},
		Details: []EntryDetail{{"rows", Public, "12"}},
	}
}

func TestExportCEF(t *testing.T) {
	got := export(t, CEF, exported())
	require.Equal(t, "CEF:0|syntora|vual|1|transcript.read|transcript.read|6|rt=1790000000123 "+
		"externalId=01000000000000000000000000000000 cn1Label=seq cn1=41 outcome=denied reason=not-found suid=p1.e1.a spriv=admin "+
		"sourceServiceName=api fileType=transcript fileId=p1.e1.o cs1Label=purpose cs1=quality-review cs2Label=basis cs2=152-fz.6.1.5 "+
		"cs3Label=subjects cs3=p1.e1.x,p1.e1.y cs4Label=link cs4=02000000000000000000000000000000 cs5Label=system cs5=calls cs6Label=tenant cs6=p1.e1.t\n", got)

	// A log from elsewhere may hold anything: it must not forge a field or a line.
	e := exported()
	e.Action, e.Code = "a|b\\c", "x=1 act=root\nCEF:0|"
	got = export(t, CEF, e)
	require.Equal(t, 1, strings.Count(got, "\n"))
	require.Contains(t, got, `|a\|b\\c|`)
	require.Contains(t, got, `reason=x\=1 act\=root\nCEF:0|`)
}

func TestExportOCSF(t *testing.T) {
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(export(t, OCSF, exported())), &got))
	for key, want := range map[string]any{
		"class_uid": 6003.0, "category_uid": 6.0, "activity_id": 2.0, "type_uid": 600302.0,
		"time": 1790000000123.0, "severity_id": 3.0, "status_id": 2.0, "status_code": "not-found",
	} {
		require.Equal(t, want, got[key], key)
	}
	meta := got["metadata"].(map[string]any)
	require.Equal(t, OCSFVersion, meta["version"])
	require.Equal(t, ID{2}.String(), meta["correlation_uid"], "an outcome goes with its attempt")
	require.Equal(t, "quality-review", got["unmapped"].(map[string]any)["purpose"])
	require.Equal(t, map[string]any{"uid": "p1.e1.a", "type_id": 2.0}, got["actor"].(map[string]any)["user"])

	for action, activity := range map[Action]int{"x.create": 1, "x.view": 2, "a.b.update": 3, "x.destroy": 4, "x.deleted": 99, "": 99} {
		require.Equal(t, activity, ocsfActivity(action), action)
	}
}

func TestExportJSONLines(t *testing.T) {
	e := exported()
	e.Raw = []byte(`{"v":1}`)
	require.Equal(t, "{\"seq\":41,\"event\":{\"v\":1}}\n", export(t, JSONLines, e))
}

func TestExportStopsAtAnError(t *testing.T) {
	var b bytes.Buffer
	boom := errors.New("boom")
	n, err := Export(&b, CEF, func(yield func(Entry, error) bool) {
		_ = yield(exported(), nil) && yield(Entry{}, boom)
	})
	require.ErrorIs(t, err, boom)
	require.Equal(t, 1, n)
	require.Equal(t, 1, strings.Count(b.String(), "\n"))
	_, err = Export(&b, "xml", nil)
	require.ErrorIs(t, err, ErrFormat)
}

func export(t *testing.T, f Format, list ...Entry) string {
	var b bytes.Buffer
	n, err := Export(&b, f, oneByOne(list))
	require.NoError(t, err)
	require.Equal(t, len(list), n)
	return b.String()
}

func oneByOne(list []Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}
