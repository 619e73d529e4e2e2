package outbound

import (
	"errors"
	"net"
	"net/netip"
	"strings"
)

// errRefused says that an address is inside, where the house does not send anybody's requests.
var errRefused = errors.New("the address is not on the open internet")

// public tells whether an address is on the open internet: global unicast and none of the ranges that IANA keeps for
// private, local, shared, test or translated use (its special-purpose registries of IPv4 and IPv6).
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() {
		return false
	}
	if nat64.Contains(a) { // leads to the IPv4 address in its last 32 bits
		b := a.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	if a.Is6() && !unicast6.Contains(a) {
		return false
	}
	for _, inside := range insides {
		if inside.Contains(a) {
			return false
		}
	}
	return true
}

var (
	nat64    = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052
	unicast6 = netip.MustParsePrefix("2000::/3")     // all of IPv6 that is given out
	insides  = []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),
		netip.MustParsePrefix("10.0.0.0/8"),
		netip.MustParsePrefix("100.64.0.0/10"), // shared by a provider's customers
		netip.MustParsePrefix("127.0.0.0/8"),
		netip.MustParsePrefix("169.254.0.0/16"), // link-local, and the clouds' metadata
		netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.0.0.0/24"),
		netip.MustParsePrefix("192.0.2.0/24"),
		netip.MustParsePrefix("192.88.99.0/24"),
		netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("198.18.0.0/15"),
		netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"),
		netip.MustParsePrefix("240.0.0.0/4"),
		netip.MustParsePrefix("2001::/23"),     // Teredo and other protocols' own
		netip.MustParsePrefix("2001:db8::/32"), // documentation
		netip.MustParsePrefix("2002::/16"),     // 6to4 leads to any IPv4 address
		netip.MustParsePrefix("3fff::/20"),     // documentation
	}
)

// hostport is how a configured and a dialled address are compared.
func hostport(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", err
	}
	if host == "" || port == "" {
		return "", errors.New("a host and a port are needed")
	}
	return net.JoinHostPort(strings.ToLower(strings.TrimSuffix(host, ".")), port), nil
}
