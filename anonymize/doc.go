// Package anonymize finds personal data in sales calls and chats, puts tokens in its place and leads back.
//
// Start from [New], which makes an [Analyzer], and from [Analyzer.Conversation], which masks a whole conversation.
// [Analyzer.Session] does the same turn by turn, while people still talk.
package anonymize
