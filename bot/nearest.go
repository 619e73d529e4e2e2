package bot

import "fmt"

// didYouMean is a question to an author who may have mistyped a name, "" where no known one is near.
func didYouMean(name string, known []string) string {
	best, least := "", 1+min(2, (len(name)+1)/3)
	for _, k := range known {
		if d := slips(name, k, least); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("Did you mean %q? ", best)
}

// slips is how many letters one would have to add, leave out or change to make one name of the other; most, where it is
// that or more.
func slips(a, b string, most int) int {
	one, other := []rune(a), []rune(b)
	if len(one)-len(other) >= most || len(other)-len(one) >= most {
		return most
	}
	row := make([]int, len(other)+1)
	for i := range row {
		row[i] = i
	}
	for i := range one {
		before := row[0] // the cell above and to the left
		row[0] = i + 1
		for j := range other {
			change := before
			if one[i] != other[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return min(row[len(other)], most)
}
