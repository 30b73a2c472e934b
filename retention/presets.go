package retention

import (
	"embed"
	"errors"
)

//go:embed presets/contract.json presets/ru152.json
var presets embed.FS

// PresetNames are the names that [Preset] knows.
//
// contract holds the terms of a usual contract for the analysis of sales calls: transcripts and
// analysis are deleted within 30 days of the end of the service; weekly plans are offered for
// export for 90 days after the subscription and then deleted; the CRM cache is cleared after every
// synchronisation; synchronisation logs live between 24 hours and 2 months, and are
// not kept after an opt-out; a client's request is met and confirmed within 5 working days; the
// client learns of a confirmed breach within 24 hours.
//
// ru152 holds the terms of 152-FZ, arts. 14, 20 and 21, and of Roskomnadzor order 179.
//
// Nobody gets one without naming it, and neither is legal advice.
func PresetNames() []string { return []string{"contract", "ru152"} }

// PresetDocument is the document behind a preset, to read or to change and give to [New].
func PresetDocument(name string) (Document, error) {
	for _, known := range PresetNames() {
		if name == known {
			data, err := presets.ReadFile("presets/" + name + ".json")
			if err != nil {
				return Document{}, err
			}
			return ParseDocument(data)
		}
	}
	return Document{}, errors.New("retention: no such preset: contract and ru152 are known")
}

// Preset compiles a preset.
func Preset(name string) (*Policy, error) {
	doc, err := PresetDocument(name)
	if err != nil {
		return nil, err
	}
	return New(doc, nil)
}
