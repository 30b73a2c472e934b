package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// errResidency means that a connection would leave the regions of the policy.
var errResidency = errors.New("the provider's address is in no region of the policy")

// residentDialer makes connections to one host of the policy. What counts is the address of the very connection, checked
// between its resolution and the first packet: a name server that answers otherwise the second time leads nowhere.
func residentDialer(g geography, host string) *net.Dialer {
	return &net.Dialer{
		Timeout: 10 * time.Second,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || !g.MayConnect(host, to.Addr().Unmap().WithZone("")) {
				return errResidency
			}
			return nil
		},
	}
}

// dial connects to an address of the policy alone.
func dial(ctx context.Context, g geography, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if _, ok := g.Region(host); !ok {
		return nil, errResidency
	}
	return residentDialer(g, host).DialContext(ctx, network, address)
}
