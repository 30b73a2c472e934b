// Package httpmask masks the bodies of HTTP messages by their content type.
//
// [Transport] stands in an http.Client and masks what leaves, query and body, before another service gets it:
//
//	client := &http.Client{Transport: httpmask.Transport(http.DefaultTransport, nil)}
//
// [Requests] and [Responses] stand before a handler: the one masks what it receives, the other what it answers.
//
// JSON (also in lines), forms and plain text, Markdown and CSV are understood, in UTF-8 and not compressed. Everything
// else, and what is longer than [Options].MaxBody, is refused and not handed on, unless [Options].Pass names its type. In
// one message the same value has the same token.
//
// # What is not promised
//
// Paths and headers pass as they are, but for the query in Referer: put no personal data there. Bodies are held in memory as a whole, so streams of
// events are refused. Nothing is put back into answers; see anonymize.Mapping for that.
package httpmask
