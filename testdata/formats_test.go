package testdata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parsers read the files strictly: more strictly than a reader of foreign files would.
var parsers = map[string]func(id string, data []byte) (map[string]*conversation, error){
	"jsonl":     parseJSONL,
	"vtt":       parseVTT,
	"srt":       parseSRT,
	"telegram":  parseTelegram,
	"speechkit": parseSpeechKit,
}

func decode(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func parseJSONL(_ string, data []byte) (map[string]*conversation, error) {
	out := map[string]*conversation{}
	for line := range bytes.Lines(data) {
		var in struct {
			ID, Channel  string
			Turns        []struct{ Speaker, Text string }
			Participants []struct{ Role, Name string }
		}
		if err := decode(line, &in); err != nil {
			return nil, err
		}
		if in.ID == "" || out[in.ID] != nil {
			return nil, fmt.Errorf("id %q is empty or not the only one", in.ID)
		}
		c := &conversation{turns: len(in.Turns)}
		for _, turn := range in.Turns {
			c.add(turn.Speaker, turn.Text)
		}
		for _, p := range in.Participants {
			c.add(p.Name)
		}
		out[in.ID] = c
	}
	return out, nil
}

var (
	vttTimes = regexp.MustCompile(`^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}( |$)`)
	srtTimes = regexp.MustCompile(`^\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}$`)
	voice    = regexp.MustCompile(`(?s)^<v ([^>]+)>([^<]+)</v>$`)
)

func parseVTT(id string, data []byte) (map[string]*conversation, error) {
	blocks := strings.Split(strings.TrimSpace(string(data)), "\n\n")
	if !strings.HasPrefix(blocks[0], "WEBVTT") {
		return nil, errors.New("no WEBVTT at the start")
	}
	c := &conversation{}
	for _, block := range blocks[1:] {
		if strings.HasPrefix(block, "NOTE") {
			c.add(block)
			continue
		}
		lines := strings.Split(block, "\n")
		if !strings.Contains(lines[0], "-->") {
			lines = lines[1:]
		}
		m := voice.FindStringSubmatch(strings.Join(lines[1:], "\n"))
		if !vttTimes.MatchString(lines[0]) || m == nil {
			return nil, fmt.Errorf("bad cue %q", block)
		}
		c.turns++
		c.add(m[1], html.UnescapeString(m[2]))
	}
	return map[string]*conversation{id: c}, nil
}

func parseSRT(id string, data []byte) (map[string]*conversation, error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	c := &conversation{}
	for i, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(block, "\n")
		if len(lines) < 3 || lines[0] != strconv.Itoa(i+1) || !srtTimes.MatchString(lines[1]) {
			return nil, fmt.Errorf("bad block %q", block)
		}
		c.turns++
		c.add(strings.Join(lines[2:], "\n"))
	}
	return map[string]*conversation{id: c}, nil
}

func parseTelegram(id string, data []byte) (map[string]*conversation, error) {
	var in struct {
		Name     string
		Type     string
		ID       int64
		Messages []struct {
			ID                 int64
			Type, Date, Edited string
			DateUnixtime       string `json:"date_unixtime"`
			EditedUnixtime     string `json:"edited_unixtime"`
			From, Actor        string
			FromID             string `json:"from_id"`
			ActorID            string `json:"actor_id"`
			Action             string
			DurationSeconds    int               `json:"duration_seconds"`
			DiscardReason      string            `json:"discard_reason"`
			ReplyTo            int64             `json:"reply_to_message_id"`
			Contact            map[string]string `json:"contact_information"`
			Text               json.RawMessage
			TextEntities       []entity `json:"text_entities"`
		}
	}
	if err := decode(data, &in); err != nil {
		return nil, err
	}
	c := &conversation{turns: len(in.Messages)}
	c.add(in.Name)
	for _, m := range in.Messages {
		text, err := telegramText(m.Text)
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", m.ID, err)
		}
		var entities strings.Builder
		for _, e := range m.TextEntities {
			entities.WriteString(e.Text)
		}
		if entities.String() != text {
			return nil, fmt.Errorf("message %d: text and text_entities differ", m.ID)
		}
		c.add(m.From, m.Actor, text)
		for _, v := range m.Contact {
			c.add(v)
		}
	}
	return map[string]*conversation{id: c}, nil
}

type entity struct{ Type, Text string }

// telegramText reads a text that is a string, or an array of strings and entities.
func telegramText(raw json.RawMessage) (string, error) {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		return plain, nil
	}
	var parts []json.RawMessage
	if err := decode(raw, &parts); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, part := range parts {
		var e entity
		if json.Unmarshal(part, &e.Text) != nil {
			if err := decode(part, &e); err != nil {
				return "", err
			}
		}
		out.WriteString(e.Text)
	}
	return out.String(), nil
}

type recognized struct {
	Alternatives []struct {
		Words                  []struct{ Text, StartTimeMs, EndTimeMs string }
		Text                   string
		StartTimeMs, EndTimeMs string
		Confidence             float64
		Languages              []struct {
			LanguageCode string
			Probability  float64
		}
	}
	ChannelTag string
}

type speechKitEvent struct {
	SessionUuid        struct{ UUID, UserRequestID string }
	AudioCursors       map[string]string
	ResponseWallTimeMs string
	ChannelTag         string
	StatusCode         *struct{ CodeType, Message string }
	Final              *recognized
	FinalRefinement    *struct {
		FinalIndex     string
		NormalizedText recognized
	}
	EouUpdate *struct{ TimeMs string }
}

func parseSpeechKit(id string, data []byte) (map[string]*conversation, error) {
	c := &conversation{}
	refined := 0
	for line := range bytes.Lines(data) {
		event := speechKitEvent{}
		in := struct{ Result *speechKitEvent }{&event}
		into := any(&event)
		if bytes.HasPrefix(line, []byte(`{"result":`)) {
			into = &in
		}
		if err := decode(line, into); err != nil {
			return nil, err
		}
		switch {
		case event.Final != nil:
			c.turns++
			if err := c.addRecognized(*event.Final); err != nil {
				return nil, err
			}
		case event.FinalRefinement != nil:
			if event.FinalRefinement.FinalIndex != strconv.Itoa(refined) {
				return nil, fmt.Errorf("refinement %s, want %d", event.FinalRefinement.FinalIndex, refined)
			}
			refined++
			if err := c.addRecognized(event.FinalRefinement.NormalizedText); err != nil {
				return nil, err
			}
		case event.EouUpdate == nil && event.StatusCode == nil:
			return nil, errors.New("an event of no known type")
		}
	}
	if refined != c.turns {
		return nil, fmt.Errorf("%d finals, %d refinements", c.turns, refined)
	}
	return map[string]*conversation{id: c}, nil
}

// addRecognized adds the text. Its words must be the same in order, each beginning after the one before.
func (c *conversation) addRecognized(r recognized) error {
	for _, a := range r.Alternatives {
		var words []string
		at, err := strconv.Atoi(a.StartTimeMs)
		if err != nil {
			return err
		}
		for _, w := range a.Words {
			start, err := strconv.Atoi(w.StartTimeMs)
			if err != nil || start < at {
				return fmt.Errorf("%q begins at %s, before %d", w.Text, w.StartTimeMs, at)
			}
			if at, err = strconv.Atoi(w.EndTimeMs); err != nil || at < start {
				return fmt.Errorf("%q ends at %s, before %d", w.Text, w.EndTimeMs, start)
			}
			words = append(words, w.Text)
		}
		if strings.Join(words, " ") != a.Text {
			return fmt.Errorf("words and text differ: %q", a.Text)
		}
		c.add(a.Text)
	}
	return nil
}
