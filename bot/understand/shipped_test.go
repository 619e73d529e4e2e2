package understand

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"strings"
	"testing"
)

// The shipped files are what bot/understand/fit made of the data that docs/data.md names, by
//
//	go run ./bot/understand/fit --data DIR
//
// which makes them byte for byte the same. Whoever changes the engine's features or signals runs it again, looks at
// what kohta bot eval says, and writes the new sums here.
var shippedSums = map[string]string{
	"confidence.txt": "f337a3ca7ecfabfe579717ab76842ece5fad5bb53f0989ba9812f1157af4c552",
	"moods.en.km":    "3909c3c49e2ec70911426c0b48ef3f7f66f6df26cd8ab4c78a14127fb7663674",
	"moods.fi.km":    "fa6a302bc45c4e8973a8007d7469122dc40cdc502bd077b403f7b6b4e83ccbca",
	"vectors.en.kv":  "b9b3265fe9559aa22608f1c8307e2714850892ebdb380005b10ad3503f3b9807",
}

func TestShippedFilesAreAsTheyWereMade(t *testing.T) {
	names, err := fs.Glob(shippedFiles, "shipped/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < len(shippedSums) {
		t.Errorf("shipped are %v, sums are known of %d", names, len(shippedSums))
	}
	for _, name := range names {
		if strings.Contains(name, "/lines.") {
			continue // made of lines of this repository: their own test makes them anew
		}
		data, err := fs.ReadFile(shippedFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if got := hex.EncodeToString(sum[:]); got != shippedSums[name[len("shipped/"):]] {
			t.Errorf("%s has the sum %s; make it by bot/understand/fit, never by hand", name, got)
		}
	}
}

func TestBrokenShippedFilesAreRefused(t *testing.T) {
	good, err := fs.ReadFile(shippedFiles, "shipped/confidence.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := readTrust(string(good)); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", "bias 1 2\n", string(good) + "hinge one two\n", string(good) + "hinge 1\n"} {
		if _, _, err := readTrust(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if readVectors([]byte("KV1\n\x01\x00\x00\x00\x02\x00\x00\x00")) != nil || readVectors(nil) != nil || readMoods("en", []byte("KM1\n")) != nil {
		t.Error("half a file is taken")
	}
}
