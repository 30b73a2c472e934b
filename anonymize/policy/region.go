package policy

import (
	"net/netip"
	"slices"
	"strings"
)

// A region is where a gateway may connect to.
type region struct {
	name     string
	hosts    []string
	networks []netip.Prefix
}

// region finds the region of a host, nil if the policy lets nothing go there.
func (p *policy) region(host string) *region {
	host, ok := hostName(host)
	for i := range p.regions {
		if ok && slices.Contains(p.regions[i].hosts, host) {
			return &p.regions[i]
		}
	}
	return nil
}

// holds reports whether the hosts of the region may have an address.
func (r *region) holds(addr netip.Addr) bool {
	if len(r.networks) == 0 {
		return slices.Contains(r.hosts, addr.String()) || isPublic(addr)
	}
	return slices.ContainsFunc(r.networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// hostName gives a host's name in one form: an address as netip writes it, a name in lower case without its last dot.
func hostName(host string) (string, bool) {
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return addr.Unmap().String(), addr.Zone() == ""
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || len(host) > 253 { // RFC 1035, section 2.3.4
		return "", false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return "", false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return "", false
			}
		}
	}
	return host, true
}

// isPublic reports addresses of the open net: none that the registries of special purposes list (RFC 6890) and none that
// carries an address of version 4 inside.
func isPublic(addr netip.Addr) bool {
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	for _, special := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
		"2002::/16", "3fff::/20", "5f00::/16", "fec0::/10"} {
		if netip.MustParsePrefix(special).Contains(addr) {
			return false
		}
	}
	return true
}
