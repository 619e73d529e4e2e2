package sqlstore

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/staff"
)

// A row that was there before the column has the house's defaults, as has each member that a later version adds and an
// earlier one did not write.
func TestRulesThatSayNothing(t *testing.T) {
	want := staff.Team{Slug: "support", Rings: staff.DefaultRings()}
	want.Patience.Silence, want.Patience.Close, want.Patience.Cooldown = 15*time.Minute, time.Hour, 2*time.Minute
	shorter := want
	shorter.Rings, shorter.Patience.Close = nil, time.Second
	for text, want := range map[string]staff.Team{
		`{}`:                                   want,
		`{"hours":null,"later":{"version":7}}`: want,
		`{"rings":[],"close_ms":1000}`:         shorter,
	} {
		got := staff.Team{Slug: "support"}
		if err := readTeamRules(&got, text); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%s: %v %s", text, err, cmp.Diff(want, got))
		}
	}
	site := staff.Site{Slug: "shop"}
	if err := readSiteRules(&site, `{}`); err != nil || site.Hours != nil {
		t.Errorf("%+v, %v", site, err)
	}
}

func TestRulesThatCannotBeRead(t *testing.T) {
	for _, text := range []string{``, `[]`, `{"hours":{"week":[[{"from":"8","to":"16"}]]}}`, `{"rest_ms":"soon"}`} {
		if err := readTeamRules(&staff.Team{Slug: "support"}, text); err == nil || !strings.Contains(err.Error(), "team support") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := readSiteRules(&staff.Site{Slug: "shop"}, `{"hours":7}`); err == nil || !strings.Contains(err.Error(), "site shop") {
		t.Error(err)
	}
}
