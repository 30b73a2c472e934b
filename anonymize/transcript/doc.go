// Package transcript reads calls and chats in the formats in which they are kept, masks them, and writes the same
// format.
//
// Start from [NewReader], which tells the format from the content, and [Document.Mask]. What [Masked.WriteTo] writes
// is the file that was read with the masked text in place, wherever the text stands: in the text itself, in recognized
// words with their times, in alternatives, in the normalized text, in names of participants and in fields for phones.
// All else stays byte for byte as it was. Strings of fields that the package does not know are searched by
// the same rules.
//
//	r, err := transcript.NewReader(file, nil)
//	for err == nil {
//		var d *transcript.Document
//		if d, err = r.Next(); err != nil {
//			break // io.EOF after the last conversation
//		}
//		var m *transcript.Masked
//		if m, err = d.Mask(ctx, analyzer); err == nil {
//			_, err = m.WriteTo(out)
//		}
//	}
//
// Read are [JSONL], [WebVTT], [SubRip], [Whisper] and [WhisperCpp], [SpeechKit2], [SpeechKit3], [SaluteSpeech], [Vosk],
// [Telegram], [WhatsApp], [EMail], [AmoCRM] and [Bitrix24]. [Masked.Mute] tells where a recording has to be silent.
//
// A value that is said in several recognized words becomes one word with the time of them all. One that goes over
// several lines of a subtitle stands in the first of them. Neighbouring cues of one speaker are one turn.
//
// # Memory
//
// One conversation is in memory at a time: a line of JSON lines, a chat of a Telegram account, else the file. So a name that
// is only clear at the end is masked from the beginning. Options.MaxSize bounds it.
//
// Where that is too much, Options.Turns cuts conversations into parts of as many messages, cues or segments, and
// [Document.MaskIn] masks one after the other in a session, by what was said up to there:
//
//	for d, err := r.Next(); err == nil; d, err = r.Next() {
//		if !d.Continues() {
//			session = analyzer.Session(&anonymize.SessionOptions{OneWay: true, Participants: d.Conversation().Participants})
//		}
//		m, err := d.MaskIn(ctx, session)
//		…
//	}
//
// Memory is then that of one part, of the largest single message, and of the different values. The text of parts read one after
// the other is the file, whatever the pieces in which it comes, and what stands before a broken place is given before its error.
// It costs some quality: see [anonymize.Session]. A part also does not know the speakers of a subtitle file without
// voices who are not named twice yet, nor which refinement of SpeechKit belongs to a phrase of the part before, which is a turn
// of its own then; channels that stand one after the other in the file stay so. The text that Whisper
// writes once more as a whole is one piece. JSON lines come whole, line by line. So does a mail, whose source is given back with its
// attachments, and so do the messages of an open line of Bitrix24, which stand in no order.
//
// # What is not handled
//
// Identifiers of accounts and messages stay as they are (from_id of Telegram, sessionUuid of SpeechKit): they are
// needed to find a record again, and they do lead to a person for whoever holds the other system. Times stay too.
// Pictures, voice messages and other attachments are outside the files read here; those inside an e-mail are taken
// out. What else leads back to the text is emptied: numbers of tokens (Whisper) and voice vectors (Vosk).
package transcript
