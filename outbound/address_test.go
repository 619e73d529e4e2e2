package outbound

import (
	"net/netip"
	"testing"
)

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8":                true,
		"193.166.4.1":            true,
		"172.15.255.255":         true,
		"172.32.0.0":             true,
		"100.63.255.255":         true,
		"100.128.0.0":            true,
		"2001:14b8::1":           true,
		"2606:4700::1111":        true,
		"::ffff:8.8.8.8":         true,
		"64:ff9b::8.8.8.8":       true,
		"0.0.0.0":                false,
		"0.1.2.3":                false,
		"10.1.2.3":               false,
		"100.64.0.1":             false,
		"100.127.255.255":        false,
		"127.0.0.1":              false,
		"127.255.255.254":        false,
		"169.254.169.254":        false,
		"172.16.0.1":             false,
		"172.31.255.255":         false,
		"192.0.0.170":            false,
		"192.168.1.1":            false,
		"198.19.255.255":         false,
		"203.0.113.9":            false,
		"224.0.0.1":              false,
		"239.255.255.250":        false,
		"240.0.0.1":              false,
		"255.255.255.255":        false,
		"::":                     false,
		"::1":                    false,
		"::127.0.0.1":            false,
		"::ffff:127.0.0.1":       false,
		"::ffff:169.254.169.254": false,
		"64:ff9b::127.0.0.1":     false,
		"64:ff9b::10.0.0.1":      false,
		"64:ff9b:1::1":           false,
		"2001::1":                false,
		"2001:db8::1":            false,
		"2002:7f00:1::":          false,
		"fc00::1":                false,
		"fd12:3456::1":           false,
		"fe80::1":                false,
		"fe80::1%eth0":           false,
		"fec0::1":                false,
		"ff02::1":                false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) = %v", address, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestHostport(t *testing.T) {
	for in, want := range map[string]string{
		"127.0.0.1:8080":     "127.0.0.1:8080",
		"Shop.Internal.:443": "shop.internal:443",
		"[::1]:80":           "[::1]:80",
		"shop.internal":      "",
		":80":                "",
		"shop.internal:":     "",
		"":                   "",
	} {
		if got, err := hostport(in); got != want || (err == nil) != (want != "") {
			t.Errorf("hostport(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}
