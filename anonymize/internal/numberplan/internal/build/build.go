// Package build makes the table of package numberplan out of the metadata of
// github.com/nyaruka/phonenumbers. Only the generator and tests use it: it
// links phonenumbers, which package numberplan exists to avoid.
//
// The metadata gives every region one regular expression, and a set of lengths,
// for each type of number. [Table] makes them deterministic together, one calling code
// at a time, from the longest numbers back to the first digit, and writes
// every state that is not yet in the table. Numbers have at most 17 digits, so the
// automaton has no cycles, and one that is built in that order without equal states
// is minimal.
package build

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Version returns the release of phonenumbers that the module in the current folder requires.
func Version() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/nyaruka/phonenumbers").Output()
	if err != nil {
		return "", fmt.Errorf("build: go list: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Table returns the table, always the same bytes for the same release.
func Table() ([]byte, error) {
	metadata, err := byCallingCode()
	if err != nil {
		return nil, err
	}
	g := newGraph()
	for cc := range callingCodes {
		if len(metadata[cc]) == 0 {
			continue
		}
		p, err := newPlan(metadata[cc])
		if err != nil {
			return nil, fmt.Errorf("build: +%d: %w", cc, err)
		}
		r, err := p.build(g)
		if err != nil {
			return nil, fmt.Errorf("build: +%d: %w", cc, err)
		}
		g.setCallingCode(cc, r)
	}
	return g.table, nil
}

// byCallingCode returns the metadata of each calling code's regions, in the
// order in which phonenumbers asks them.
func byCallingCode() (out [callingCodes][]*phonenumbers.PhoneMetadata, err error) {
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return out, fmt.Errorf("build: %w", err)
	}
	for cc := range phonenumbers.GetSupportedCallingCodes() {
		if cc >= callingCodes {
			return out, fmt.Errorf("build: calling code +%d has more than three digits", cc)
		}
		for _, region := range phonenumbers.GetRegionCodesForCountryCode(cc) {
			i := slices.IndexFunc(all.GetMetadata(), func(m *phonenumbers.PhoneMetadata) bool {
				// Calling codes without a country share the region 001.
				return m.GetId() == region && int(m.GetCountryCode()) == cc
			})
			if i < 0 {
				return out, fmt.Errorf("build: no metadata for %s, +%d", region, cc)
			}
			out[cc] = append(out[cc], all.GetMetadata()[i])
		}
	}
	return out, nil
}
