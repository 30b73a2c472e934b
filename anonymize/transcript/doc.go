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
// # What is not handled
//
// Identifiers of accounts and messages stay as they are (from_id of Telegram, sessionUuid of SpeechKit): they are
// needed to find a record again, and they do lead to a person for whoever holds the other system. Times stay too.
// Pictures, voice messages and other attachments are outside the files read here; those inside an e-mail are taken
// out. What else leads back to the text is emptied: numbers of tokens (Whisper) and voice vectors (Vosk). A whole conversation is
// held in memory, because a name may become clear at its end; so JSON lines are read in the memory of one
// conversation, and every other format in that of the file, up to Options.MaxSize.
package transcript
