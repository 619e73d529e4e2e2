package sqlstore

import (
	"encoding/json"
	"testing"
)

// What is written by hand is read by encoding/json as what it was.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "Hei", "rivi\nrivi", `"lainaus"`, `a\b`, "\t\r\x00\x1f\x7f", "ä€😀\u2028", "<b>&", "\xff", "a\xc3", `\"`, "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o := object{}
		o.text("a", s)
		o.part("b", true, func(b *object) { b.text("c", s) })
		o.part("d", true, func(*object) {})
		o.part("e", false, func(*object) { t.Error("what is not there is written") })
		o.texts("f", []string{s, "x", s})
		o.pairs("g", map[string]string{s: s, "x" + s: "y"})
		o.pairs("h", nil)
		var got struct {
			A string
			B struct{ C string }
			D *struct{}
			F []string
			G map[string]string
		}
		if err := json.Unmarshal([]byte(o.String()), &got); err != nil {
			t.Fatalf("%s: %v", o.String(), err)
		}
		if o.err != nil || got.A != read(t, s) || got.B.C != got.A || got.D == nil || len(got.F) != 3 || got.F[0] != got.A || got.F[2] != got.A ||
			got.G["x"+got.A] != "y" || got.G[got.A] != got.A {
			t.Errorf("%q is read as %+v (%v)", s, got, o.err)
		}
	})
}

// read is what encoding/json makes of a text that it has written itself.
func read(t *testing.T, s string) (back string) {
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}
