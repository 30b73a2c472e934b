package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// A Format is a form that other systems read.
type Format string

// The formats. All keep what the log keeps: pseudonyms and boxes, never names.
const (
	JSONLines Format = "jsonl" // {"seq": N, "event": the stored bytes}
	OCSF      Format = "ocsf"  // one event a line, class 6003 API Activity, version [OCSFVersion]
	CEF       Format = "cef"   // ArcSight common event format, version 0
)

// OCSFVersion is the version of the Open Cybersecurity Schema Framework whose
// names the export uses. Later versions rename some.
const OCSFVersion = "1.6.0"

// ErrFormat says that there is no such format.
var ErrFormat = errors.New("audit: unknown export format")

// Export writes entries, one a line, and returns how many it has written. It
// takes what [Reader.Query] returns.
func Export(w io.Writer, f Format, entries iter.Seq2[Entry, error]) (int, error) {
	var line func(dst []byte, e *Entry) ([]byte, error)
	switch f {
	case JSONLines:
		line = func(dst []byte, e *Entry) ([]byte, error) { return appendLine(dst, e), nil }
	case OCSF:
		line = appendOCSF
	case CEF:
		line = appendCEF
	default:
		return 0, ErrFormat
	}
	b := bufio.NewWriter(w)
	n := 0
	var buf []byte
	for e, err := range entries {
		if err != nil {
			return n, errors.Join(err, b.Flush())
		}
		if buf, err = line(buf[:0], &e); err != nil {
			return n, err
		}
		if _, err := b.Write(buf); err != nil {
			return n, err
		}
		n++
	}
	return n, b.Flush()
}

const (
	vendor  = "syntora"
	product = "vual"
)

// ocsf is the part of class 6003 that a log can fill.
type ocsf struct {
	ActivityID  int            `json:"activity_id"`
	CategoryUID int            `json:"category_uid"`
	ClassUID    int            `json:"class_uid"`
	TypeUID     int            `json:"type_uid"`
	Time        int64          `json:"time"` // milliseconds
	SeverityID  int            `json:"severity_id"`
	StatusID    int            `json:"status_id"`
	Status      string         `json:"status"`
	StatusCode  string         `json:"status_code,omitempty"`
	Metadata    ocsfMetadata   `json:"metadata"`
	Actor       ocsfActor      `json:"actor"`
	API         ocsfAPI        `json:"api"`
	Source      ocsfEndpoint   `json:"src_endpoint"`
	Resources   []ocsfResource `json:"resources,omitempty"`
	Unmapped    ocsfUnmapped   `json:"unmapped"`
}

type ocsfMetadata struct {
	Version        string      `json:"version"`
	Product        ocsfProduct `json:"product"`
	UID            ID          `json:"uid"`
	EventCode      Action      `json:"event_code"`
	OriginalTime   Time        `json:"original_time"`
	Sequence       uint64      `json:"sequence"`
	TenantUID      string      `json:"tenant_uid,omitempty"`
	CorrelationUID ID          `json:"correlation_uid"`
}

type ocsfProduct struct {
	Name   string `json:"name"`
	Vendor string `json:"vendor_name"`
}

type ocsfActor struct {
	User    *ocsfUser    `json:"user,omitempty"`
	Session *ocsfSession `json:"session,omitempty"`
	AppName string       `json:"app_name,omitempty"` // for the log's own events
}

type ocsfUser struct {
	UID    string `json:"uid"`
	TypeID int    `json:"type_id"`
}

type ocsfSession struct {
	UID string `json:"uid"`
}

type ocsfAPI struct {
	Operation Action `json:"operation"`
}

type ocsfEndpoint struct {
	Service string `json:"svc_name"`
}

type ocsfResource struct {
	Type   string   `json:"type"`
	UID    string   `json:"uid,omitempty"`
	Labels []string `json:"labels,omitempty"`
}

// ocsfUnmapped holds what has no place in the class.
type ocsfUnmapped struct {
	Purpose    Purpose        `json:"purpose,omitempty"`
	Basis      Basis          `json:"basis,omitempty"`
	Outcome    Outcome        `json:"outcome"`
	ActorKind  ActorKind      `json:"actor_kind,omitempty"`
	OnBehalfOf string         `json:"on_behalf_of,omitempty"`
	Auth       string         `json:"auth,omitempty"`
	Subjects   []EntrySubject `json:"subjects,omitempty"`
	System     string         `json:"system,omitempty"`
	Version    uint32         `json:"object_version,omitempty"`
	Network    string         `json:"network,omitempty"`
	Trace      string         `json:"trace,omitempty"`
	Span       string         `json:"span,omitempty"`
	Occurred   Time           `json:"occurred,omitzero"`
	Details    []EntryDetail  `json:"details,omitempty"`
	InProgress []OpenAttempt  `json:"in_progress,omitempty"`
}

const (
	ocsfClass    = 6003
	ocsfCategory = 6 // Application Activity
)

func appendOCSF(dst []byte, e *Entry) ([]byte, error) {
	activity := ocsfActivity(e.Action)
	status, name := ocsfStatus(e.Outcome)
	o := ocsf{
		ActivityID: activity, CategoryUID: ocsfCategory, ClassUID: ocsfClass, TypeUID: ocsfClass*100 + activity,
		Time: e.Recorded.UnixMilli(), SeverityID: ocsfSeverity(e), StatusID: status, Status: name, StatusCode: e.Code,
		Metadata: ocsfMetadata{
			Version: OCSFVersion, Product: ocsfProduct{product, vendor}, UID: e.ID, EventCode: e.Action,
			OriginalTime: e.Recorded, Sequence: e.Seq, TenantUID: e.Tenant, CorrelationUID: e.ID,
		},
		API: ocsfAPI{e.Action}, Source: ocsfEndpoint{"unknown"},
		Unmapped: ocsfUnmapped{
			e.Purpose, e.Basis, e.Outcome, e.Actor.Kind, e.Actor.OnBehalfOf, e.Actor.Auth, e.Subjects, e.Object.System,
			e.Object.Version, e.Origin.Network, e.Origin.Trace, e.Origin.Span, e.Occurred, e.Details, e.InProgress,
		},
	}
	if !e.Link.IsZero() {
		o.Metadata.CorrelationUID = e.Link // an outcome goes with its attempt
	}
	if e.Origin.Service != "" {
		o.Source.Service = e.Origin.Service
	}
	if e.Actor.ID == "" {
		o.Actor.AppName = product
	} else {
		o.Actor.User = &ocsfUser{e.Actor.ID, ocsfUserType(e.Actor.Kind)}
	}
	if e.Actor.Session != "" {
		o.Actor.Session = &ocsfSession{e.Actor.Session}
	}
	if e.Object.Type != "" {
		o.Resources = []ocsfResource{{e.Object.Type, e.Object.ID, e.Object.Categories}}
	}
	b, err := json.Marshal(o)
	return append(append(dst, b...), '\n'), err
}

// ocsfActivity goes by the last part of the action's name.
func ocsfActivity(a Action) int {
	name := string(a)
	for _, row := range [...]struct {
		id    int
		verbs string
	}{
		{1, " create add write import start "},
		{2, " read view list search export lookup reveal download "},
		{3, " update change edit rename correct "},
		{4, " delete destroy erase shred remove pruned "},
	} {
		if strings.Contains(row.verbs, " "+name[strings.LastIndexByte(name, '.')+1:]+" ") {
			return row.id
		}
	}
	return 99
}

func ocsfStatus(o Outcome) (int, string) {
	switch o {
	case Success:
		return 1, "Success"
	case Denied, Failed:
		return 2, "Failure"
	case Attempt:
		return 99, "Attempt"
	}
	return 0, "Unknown"
}

func ocsfUserType(k ActorKind) int {
	switch k {
	case User, DataSubject:
		return 1
	case Admin:
		return 2
	case Service:
		return 3
	}
	return 0
}

// ocsfSeverity is 4 (high) for what must be looked into, 3 for a refusal, else 1.
func ocsfSeverity(e *Entry) int {
	switch {
	case e.Action == ActionGap, e.Action == ActionRecovered, e.Outcome == Unknown:
		return 4
	case e.Outcome == Denied:
		return 3
	}
	return 1
}

// appendCEF writes CEF:0|vendor|product|version|signature|name|severity|extension.
func appendCEF(dst []byte, e *Entry) ([]byte, error) {
	severity := [...]int{1: 2, 3: 6, 4: 9}[ocsfSeverity(e)]
	dst = fmt.Appendf(dst, "CEF:0|%s|%s|%d|%s|%s|%d|", vendor, product, entryVersion,
		escape(string(e.Action), `\|`), escape(string(e.Action), `\|`), severity)
	dst = fmt.Appendf(dst, "rt=%d externalId=%s cn1Label=seq cn1=%d", e.Recorded.UnixMilli(), e.ID, e.Seq)
	for _, f := range [...]struct{ label, key, value string }{
		{"", "outcome", string(e.Outcome)},
		{"", "reason", e.Code},
		{"", "suid", e.Actor.ID},
		{"", "spriv", string(e.Actor.Kind)},
		{"", "sourceServiceName", e.Origin.Service},
		{"", "fileType", e.Object.Type},
		{"", "fileId", e.Object.ID},
		{"purpose", "cs1", string(e.Purpose)},
		{"basis", "cs2", string(e.Basis)},
		{"subjects", "cs3", subjectList(e.Subjects)},
		{"link", "cs4", linkText(e.Link)},
		{"system", "cs5", e.Object.System},
		{"tenant", "cs6", e.Tenant},
	} {
		if f.value == "" {
			continue
		}
		if f.label != "" {
			dst = fmt.Appendf(dst, " %sLabel=%s", f.key, f.label)
		}
		dst = fmt.Appendf(dst, " %s=%s", f.key, escape(f.value, `\=`))
	}
	return append(dst, '\n'), nil
}

func subjectList(list []EntrySubject) string {
	var ids []string
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, ",")
}

func linkText(id ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// escape puts a backslash before special characters and writes line ends as \n.
// The words and pseudonyms of a log have none of these; a log is foreign data
// to whoever exports it.
func escape(s, special string) string {
	if !strings.ContainsAny(s, special+"\r\n") {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\r' || r == '\n':
			b.WriteString(`\n`)
			continue
		case strings.ContainsRune(special, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
