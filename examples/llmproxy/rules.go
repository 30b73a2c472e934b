package main

import (
	_ "embed"
	"fmt"
	"net/netip"
	"strings"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/policy"
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

//go:embed policy.yaml
var defaultPolicy []byte

// loadRules reads the policy in names, parted by commas, or the default one. tools is the purpose for arguments of tool
// calls, "" if nothing comes back in them.
func loadRules(names, tools string) (*ruleset, error) {
	doc, err := loadDocument(names)
	if err != nil {
		return nil, err
	}
	if doc.Strict == nil { // what leaves for a stranger is masked strictly unless the policy says otherwise
		strict := true
		doc.Strict = &strict
	}
	p, err := policy.New(doc, nil)
	if err != nil {
		return nil, err
	}
	lenient := p.Options()
	lenient.Strict = false
	r := &ruleset{engine: p, geography: p, names: anonymize.New(&lenient), mayTrain: p.MayTrain}
	if err := restoreFor(&r.answer, p, p.GatewayPurpose()); err != nil {
		return nil, err
	}
	return r, restoreFor(&r.tools, p, tools)
}

func loadDocument(names string) (policy.Document, error) {
	if names == "" {
		return policy.Parse(defaultPolicy)
	}
	p, err := policy.Load(strings.Split(names, ","), nil)
	if err != nil {
		return policy.Document{}, err
	}
	return p.Document(), nil
}

func restoreFor(dst *anonymize.RestoreOptions, p *policy.Policy, purpose string) error {
	if purpose == "" {
		return nil
	}
	opts, err := p.RestoreOptions(purpose)
	if err != nil {
		return fmt.Errorf("purpose %s: %w", purpose, err)
	}
	*dst = *opts
	return nil
}
