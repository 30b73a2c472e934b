package main

import (
	"net/netip"

	"github.com/syntora/vual/anonymize"
)

// A ruleset is what the policy says, in the form in which the gateway asks. It does not change.
type ruleset struct {
	engine
	geography
	names    *anonymize.Analyzer      // for the names of models and functions, where seven digits may be a version
	answer   anonymize.RestoreOptions // what comes back in texts
	tools    anonymize.RestoreOptions // what comes back in arguments of tool calls
	mayTrain func(provider string) bool
}

// geography is the part of a policy that says where requests may go. *policy.Policy is one.
type geography interface {
	// Region gives the region of a host; ok is false if nothing may go to it.
	Region(host string) (name string, ok bool)
	// MayConnect reports whether a host of a region may stand at this address.
	MayConnect(host string, addr netip.Addr) bool
}

// loopback is the geography of no policy: this machine.
type loopback struct{}

func (loopback) Region(host string) (string, bool) {
	ip, err := netip.ParseAddr(host)
	return "local", host == "localhost" || err == nil && ip.IsLoopback()
}

func (loopback) MayConnect(_ string, addr netip.Addr) bool { return addr.IsLoopback() }

type plainEngine struct{ *anonymize.Analyzer }

func (e plainEngine) Session(p ...anonymize.Participant) *anonymize.Session {
	return e.Analyzer.Session(&anonymize.SessionOptions{Participants: p})
}

func defaultRules() *ruleset {
	return &ruleset{
		engine: plainEngine{anonymize.New(&anonymize.Options{Strict: true, MaxEntities: 10_000})}, geography: loopback{},
		names: anonymize.New(nil), answer: anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.EverydayKinds}},
		mayTrain: func(string) bool { return false },
	}
}

func loadRules(string, string) (*ruleset, error) { return defaultRules(), nil }
