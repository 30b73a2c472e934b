package policy

import (
	_ "embed"
	"errors"
)

var (
	//go:embed presets/152-fl.yaml
	preset152 string
	//go:embed presets/calls.yaml
	presetCalls string
	//go:embed presets/chat.yaml
	presetChat string
	//go:embed presets/payments.yaml
	presetPayments string
	//go:embed presets/logs.yaml
	presetLogs string
)

// PresetNames are the names that [Load] and [PresetText] know:
//
//   - 152-fl: everything by which a person can be told; strict
//   - calls: sales calls
//   - chat: chats and letters
//   - payments: payment data out of sight; strict
//   - logs: lines of logs, with no way back
//
// Each file says of every kind why it is on. Nobody gets one without naming it, and none is legal advice.
func PresetNames() []string { return []string{"152-fl", "calls", "chat", "logs", "payments"} }

// PresetText is the file behind a preset, to read or to begin one's own with.
func PresetText(name string) (string, error) {
	switch name {
	case "152-fl":
		return preset152, nil
	case "calls":
		return presetCalls, nil
	case "chat":
		return presetChat, nil
	case "payments":
		return presetPayments, nil
	case "logs":
		return presetLogs, nil
	}
	return "", errors.New("policy: no such preset: 152-fl, calls, chat, logs and payments are known")
}
