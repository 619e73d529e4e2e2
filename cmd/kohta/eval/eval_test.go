package eval

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAFigureMeetsItsTargetAsItIsPrinted(t *testing.T) {
	for _, c := range []struct {
		f    Figure
		want bool
	}{
		{Figure{Value: 0.9246, Unit: "%", Digits: 1, Target: 0.925}, true}, // prints as 92.5
		{Figure{Value: 0.9244, Unit: "%", Digits: 1, Target: 0.925}, false},
		{Figure{Value: 0.9725, Digits: 3, Target: 0.973}, true},
		{Figure{Value: 0.9724, Digits: 3, Target: 0.973}, false},
		{Figure{Value: 200.4, Digits: 0, Target: 200, Less: true}, true},
		{Figure{Value: 201, Digits: 0, Target: 200, Less: true}, false},
		{Figure{Value: 0, Target: None}, true},
	} {
		if got := c.f.Met(); got != c.want {
			t.Errorf("%+v: met is %v", c.f, got)
		}
	}
}

func TestArea(t *testing.T) {
	for _, c := range []struct {
		positive, negative []float64
		want               float64
	}{
		{[]float64{0.9, 0.8}, []float64{0.1, 0.2}, 1},
		{[]float64{0.1}, []float64{0.9}, 0},
		{[]float64{0.5}, []float64{0.5, 0.5}, 0.5},
		{[]float64{0.5, 0.9}, []float64{0.7, 0.5}, 0.625},
		{nil, []float64{1}, 0},
	} {
		if got := area(c.positive, c.negative); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v over %v: %v, want %v", c.positive, c.negative, got, c.want)
		}
	}
}

func TestAccuracyAndRecall(t *testing.T) {
	answers := []answer{
		{right: true, inScope: true}, {right: true, inScope: false}, {right: false, inScope: true}, {right: true, inScope: true},
		{nobodys: true, inScope: true}, {nobodys: true}, {nobodys: true}, {nobodys: true},
	}
	if got := accuracy(answers); got != 0.5 {
		t.Errorf("accuracy %v: what is rejected counts as wrong", got)
	}
	if got := recall(answers); got != 0.75 {
		t.Errorf("recall %v", got)
	}
}

// A folder with some of the files: what is there is measured, what is not is named.
func TestRunMeasuresWhatIsThere(t *testing.T) {
	lines := strings.Repeat("when are you open\thours\nopening hours please\thours\nhow can I pay\tpay\ndo you take cards\tpay\n", 3)
	data := fstest.MapFS{}
	for _, name := range intentPart.Needs {
		data[name] = &fstest.MapFile{Data: []byte(lines)}
	}
	var heard []string
	sections, err := Run(context.Background(), data, []Part{scopePart, intentPart}, func(s string) { heard = append(heard, s) })
	if err != nil {
		t.Fatal(err)
	}
	if len(heard) != 1 || len(sections) != 2 || len(sections[0].Missing) != 4 || len(sections[1].Figures) != 5 {
		t.Fatalf("heard %v, got %+v", heard, sections)
	}
	if f := sections[1].Figures[0]; f.Value != 1 {
		t.Errorf("what was learned is not known: %+v", f)
	}
	var page strings.Builder
	if err := Write(&page, sections); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Not measured: clinc150.train.tsv, ", "| Banking77, all examples | word SVM 89.5 | 100.0 | ≥ 91.5 | yes | 93.0 ✓ |"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, page.String())
		}
	}
	data["banking77.val.tsv"] = &fstest.MapFile{Data: []byte("no label\n")}
	if _, err := Run(context.Background(), data, []Part{intentPart}, func(string) {}); err == nil || !strings.Contains(err.Error(), "banking77.val.tsv:1") {
		t.Errorf("a line without a label: %v", err)
	}
}

func TestSlipsAreTheSameEachTime(t *testing.T) {
	text := "what is the balance of my savings account today"
	if slip(text, 7) != slip(text, 7) || slip(text, 7) == text {
		t.Error("slips differ, or there are none")
	}
	if got := slip("", 1); got != "" {
		t.Errorf("%q", got)
	}
}
