package main

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// A refusal is the answer to a call that is not passed on. Its code is for programs, logs and metrics; its place and
// reason go to the client alone, because a key that he made up may stand in them.
type refusal struct {
	status int
	code   code
	place  string // such as messages[0].content[1], "" if there is none
	reason string
	retry  int // seconds
}

func (r *refusal) Error() string { return string(r.code) }

// A code says why a call was refused or failed. It is one of the words that the audit log knows.
type code string

const (
	codePath         code = "path"         // no such endpoint
	codeHeader       code = "header"       // a header that is not understood
	codeCredential   code = "credential"   // the client is not known
	codeBusy         code = "busy"         // too many calls, of this client or of all
	codeTooLarge     code = "too-large"    // the body, or what is in it
	codeSlow         code = "slow"         // the body did not come in time
	codeJSON         code = "json"         // the body is no JSON
	codeUnknown      code = "unknown"      // a field, part or value that no row of the table knows
	codePersonal     code = "personal"     // personal data where it cannot be masked
	codeMask         code = "mask"         // masking failed
	codeConversation code = "conversation" // the conversation cannot go on
	codeAudit        code = "audit"        // the log did not take the call
	codeResidency    code = "residency"    // the provider is not where it may be
	codeUpstream     code = "upstream"     // the provider could not be reached
	codeAnswer       code = "answer"       // the provider's answer is not understood
	codeRejected     code = "rejected"     // the provider answered with an error
	codeCut          code = "cut"          // the client or this server went away
)

// codes are all of them, for the catalogue of the audit log.
var codes = []code{codePath, codeHeader, codeCredential, codeBusy, codeTooLarge, codeSlow, codeJSON, codeUnknown, codePersonal,
	codeMask, codeConversation, codeAudit, codeResidency, codeUpstream, codeAnswer, codeRejected, codeCut}

// result is the word for logs and metrics.
func (c code) result() string {
	if c == "" {
		return "ok"
	}
	return string(c)
}

func refuse(status int, c code, place, reason string) *refusal {
	return &refusal{status: status, code: c, place: place, reason: reason}
}

// body is the refusal in the form that clients of the API know.
func (r *refusal) body() []byte {
	type inner struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    code    `json:"code"`
	}
	e := inner{Message: r.reason, Type: "invalid_request_error", Code: r.code}
	if r.status >= 500 {
		e.Type = "server_error"
	}
	if r.place != "" {
		e.Param, e.Message = &r.place, r.place+": "+r.reason
	}
	b, _ := json.Marshal(map[string]inner{"error": e}) // of strings alone
	return b
}

func (r *refusal) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if r.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(r.retry))
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body()) // a client that went away
}
