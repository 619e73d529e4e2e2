package bench

import "testing"

func TestTrack(t *testing.T) {
	for _, c := range []struct {
		name                              string
		came                              []int64
		head                              int64
		asked                             []int64 // came after it was asked for
		missing, doubled, reordered, last int
	}{
		{name: "in order", came: []int64{1, 2, 3}, head: 3, last: 3},
		{name: "nothing"},
		{name: "the last is missing", came: []int64{1, 2}, head: 3, missing: 1, last: 2},
		{name: "a hole", came: []int64{1, 3, 4}, missing: 1, last: 1},
		{name: "two holes", came: []int64{2, 5}, missing: 3},
		{name: "twice", came: []int64{1, 1, 2}, doubled: 1, last: 2},
		{name: "twice, early", came: []int64{2, 2, 1}, doubled: 1, reordered: 1, last: 2},
		{name: "swapped", came: []int64{1, 3, 2, 4}, reordered: 1, last: 4},
		{name: "backwards", came: []int64{3, 2, 1}, reordered: 2, last: 3},
		{name: "the last came when asked for", came: []int64{1, 2}, asked: []int64{3}, missing: 1, last: 3},
		{name: "a hole filled when asked for", came: []int64{1, 3, 4}, asked: []int64{2, 3, 4}, missing: 1, last: 4},
		{name: "asked for too much", came: []int64{1, 2}, asked: []int64{1, 2}, last: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var k track
			for _, seq := range c.came {
				k.see(seq, false)
			}
			k.tell(c.head)
			for _, seq := range c.asked {
				k.see(seq, true)
			}
			if k.missing() != c.missing || k.doubled != c.doubled || k.reordered != c.reordered || int(k.last) != c.last {
				t.Errorf("missing %d, doubled %d, reordered %d, last %d; want %d, %d, %d, %d",
					k.missing(), k.doubled, k.reordered, k.last, c.missing, c.doubled, c.reordered, c.last)
			}
		})
	}
}

// TestTrackResumes: what a new connection sends again is not doubled, however often it had to be tried.
func TestTrackResumes(t *testing.T) {
	var k track
	for _, seq := range []int64{1, 2, 3, 5} {
		k.see(seq, false)
	}
	for range 3 {
		if after := k.resume(0); after != 3 {
			t.Fatalf("resumes after %d, want 3", after)
		}
	}
	for _, seq := range []int64{4, 5} {
		k.see(seq, false)
	}
	for range 3 {
		if after := k.resume(1); after != 4 {
			t.Fatalf("resumes after %d, want 4", after)
		}
	}
	k.see(5, false)
	if k.missing() != 0 || k.doubled != 0 || k.reordered != 0 {
		t.Errorf("%+v", k)
	}
}
