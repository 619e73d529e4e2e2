package understand

import "testing"

func TestTongue(t *testing.T) {
	m := trained(t)
	for _, c := range []struct{ text, prior, want string }{
		{"mies lyö minua", "", "fi"}, {"mies lyö minua", "sv", "fi"}, {"veljeni hakkasi minut", "sv", "fi"}, {"min man slår mig", "fi", "sv"}, {"I want to kill myself", "fi", "en"},
		{"en halua ihmistä", "", "fi"}, {"hae ihminen", "", "fi"}, {"virkailija", "", "fi"}, {"paketti puuttuu", "", "fi"}, {"missä paketti", "", "fi"},
		{"puhelimeni kuoli", "sv", "sv"}, {"ok", "", ""}, {"12345", "", ""}, {"🙂", "", ""}, {"ok", "fi", "fi"},
	} {
		if r := m.Understand(Query{Text: c.text, Language: c.prior}); r.Language != c.want {
			t.Errorf("%q in a conversation in %q is in %q, want %q", c.text, c.prior, r.Language, c.want)
		}
	}
}
