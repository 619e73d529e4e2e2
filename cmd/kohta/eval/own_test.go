package eval

import (
	"context"
	"os"
	"strings"
	"testing"
)

// The project's own sets are measured as they lie in the checkout, and a target that is missed is told with its gap and
// its cause.
func TestOwnSetsAreReportedWithGapAndCause(t *testing.T) {
	sections, err := Run(context.Background(), os.DirFS("../../../"+OwnFolder), []Part{ownPart}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(sections) != 1 || len(sections[0].Figures) != 15 || len(sections[0].Missing) != 0 {
		t.Fatalf("%+v", sections)
	}
	for _, f := range sections[0].Figures {
		if f.Value < 0.5 || f.Value > 1 {
			t.Errorf("%s is %v", f.Name, f.Value)
		}
	}
	sections[0].Figures[0].Value = 0.7
	var page strings.Builder
	if err := Write(&page, sections); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## Targets missed: ", "- Finnish: in scope at 75 % out-of-scope recall: 70.0, wanted ≥ 90.0\n", ownWhy} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, page.String())
		}
	}
}

func TestAtRecall(t *testing.T) {
	all := []answer{
		{right: true, confidence: 0.9}, {right: true, confidence: 0.4}, {confidence: 0.95}, {right: true, confidence: 0.6},
		{nobodys: true, confidence: 0.1}, {nobodys: true, confidence: 0.2}, {nobodys: true, confidence: 0.5}, {nobodys: true, confidence: 0.8},
	}
	if got := atRecall(all); got != 0.5 { // over 0.5, under which three of four stay
		t.Errorf("%v", got)
	}
	if got := named(all); got != 0.75 {
		t.Errorf("%v named", got)
	}
	if atRecall(nil) != 0 {
		t.Error("of nothing there is no share")
	}
}
