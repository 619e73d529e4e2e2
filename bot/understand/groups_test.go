package understand

import (
	"crypto/sha256"
	"slices"
	"testing"
)

// A word in any form, and the last part of a compound, meets its group.
func TestGroups(t *testing.T) {
	for language, pairs := range map[string][][2]string{
		"fi": {{"paketin", "lähetykseni"}, {"irtisanoisin", "lopettaminen"}, {"rikkoutunut", "haljennut"}, {"Kanadaan", "Norjassa"}, {"keliaakikolle", "gluteenitonta"}, {"säilytetään", "tuoretta"}, {"korttimaksu", "maksoin"}, {"kahdesti", "tuplana"}},
		"sv": {{"försändelsen", "paketet"}, {"trasig", "söndrig"}, {"annullera", "avbokning"}, {"Norge", "Tyskland"}, {"dubbelt", "dubbel"}, {"prenumerationen", "månadskaffet"}},
	} {
		g, c := groupsOf(language), newCutter(styleOf(language))
		of := func(w string) (list []uint16) {
			var a analysis
			a.read(w)
			g.find(a.fold(0), c.stemOf(a.fold(0)), func(n uint16) { list = append(list, n) })
			return list
		}
		for _, p := range pairs {
			a, b := of(p[0]), of(p[1])
			if !slices.ContainsFunc(a, func(n uint16) bool { return slices.Contains(b, n) }) {
				t.Errorf("%s: %s (%v) and %s (%v) share no group", language, p[0], a, p[1], b)
			}
		}
	}
	if groupsOf("en") != nil {
		t.Error("English has groups, and its confidence was fitted without")
	}
}

// A bot that is taught three of four parts of the training part keeps about three of four messages that are nobody's
// away by the default thresholds, and knows most of its own.
func TestGroupDoubt(t *testing.T) {
	for _, language := range []string{"fi", "sv"} {
		train, _ := intentSet(t, "intents", language)
		var sum judgement
		const parts = 4
		for part := range parts {
			var taught, rest []line
			for _, l := range train {
				if h := sha256.Sum256([]byte(l.text)); int(h[1])%parts == part {
					rest = append(rest, l)
				} else {
					taught = append(taught, l)
				}
			}
			m, err := Train([]Set{asSet(language, taught)}, DefaultThresholds)
			if err != nil {
				t.Fatal(err)
			}
			j := judge(m, language, rest)
			sum.closed, sum.inScope, sum.recall, sum.atRecall = sum.closed+j.closed/parts, sum.inScope+j.inScope/parts, sum.recall+j.recall/parts, sum.atRecall+j.atRecall/parts
		}
		t.Logf("%s: closed %.3f; by the default thresholds %.3f in scope at %.3f recall; %.3f in scope at 0.75 recall", language, sum.closed, sum.inScope, sum.recall, sum.atRecall)
		if sum.recall < 0.65 || sum.closed < 0.75 || sum.atRecall < 0.68 {
			t.Errorf("%s: that is too little", language)
		}
	}
}
