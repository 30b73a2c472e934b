// Package testdata holds invented sales conversations in formats in which calls
// and chats are kept, so that examples and tests run from any folder. [FS] has
// them under calls/:
//
//	*.jsonl             one conversation a line: id, channel, turns, participants
//	*.vtt               WebVTT with a voice for every cue
//	*.srt               SubRip; the speaker stands before the text
//	tour, parts.json    Telegram Desktop exports of one chat each
//	provider, water, lawyer.json
//	                    Yandex SpeechKit v3 results, one JSON object a line, with
//	                    the recognized words and the normalized text
//
// All persons, companies, numbers and addresses in them are invented; where a number has check
// digits they are right. In the folder expect, which is not embedded, the file
// NAME.expect.json lists every piece of personal data that stands in calls/NAME, so that a
// test can prove that none of them is left:
//
//	{"conversation": "loan-66", "kind": "PHONE", "value": "8-800-550-19-27"}
//
// A value stands as it is written there in one text, speaker's name, participant or
// contact of the conversation, whose id is that of the JSON line or else the name of the file
// without its ending. "spoken": true marks what stands in recognized words only.
package testdata

import "embed"

// FS has the conversations in the folder calls.
//
//go:embed calls
var FS embed.FS
