package session

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPasswordsThatAreTriedFirstAreRefused(t *testing.T) {
	aino := []string{"Aino Lahti-Korhonen", "aino.lahti@kahvila.example"}
	for word, passwords := range map[string][]string{
		"at least 10": {"", "short", "yhdeksän.", "åäöåäöåäö"},
		"at most":     {strings.Repeat("pitkä salasana ", 100)},
		"again":       {"aaaaaaaaaa", "1111111111", "ababababab", "12312312312", "kissakissakissa", "MoiMoiMoiMoi", "----------"},
		"neighbours": {"1234567890", "0987654321", "abcdefghij", "qwertyuiop", "QWERTYUIOPÅ", "poiuytrewq", "asdfghjklö", "qwertyasdfgh",
			"qwerty12345", "12345qwert!", "1qaz2wsx3edc", "abc123456789", "zxcvbnm,.-", "!@#$%^&*()"},
		"own name": {"ainolahti1", "AinoLahti2024", "aino.lahti@kahvila.example", "lahti-korhonen", "korhonen1987!", "KAHVILAaino12"},
		"tried first": {"password123", "Password2024!", "P@ssw0rd2024", "p4$$w0rd1234", "salasana123", "Salasana2025!", "s4l4s4n4!!", "salasana.salasana1",
			"lösenord123", "Losenord2024", "Lösenord!!!!", "tervetuloa1", "Tervetuloa2025", "välkommen1!", "Kesä2025!!!!", "kesakesa2024", "sommar2025!", "Syksy-2025-10",
			"helsinki2024", "Tampere12345", "perkele666!", "rakastansinua", "minärakastansinua", "jagälskardig", "iloveyou2023", "letmein1234", "welcome2024!",
			"changeme123", "administrator", "Admin12345!", "kohta-demo1", "asiakaspalvelu1", "kundtjänst24", "qazwsxedc123", "suomi-finland-1", "torillatavataan", "jokerit1967!", "hyvääjoulua24"},
	} {
		for _, p := range passwords {
			if p == "" && word != "at least 10" {
				continue
			}
			if err := CheckPassword(p, aino...); err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%q: %v, want something about %q", p, err, word)
			}
		}
	}
}

func TestPasswordsThatAreFine(t *testing.T) {
	for _, p := range []string{
		"pitkä salasana on hyvä", "kolme vihreää sohvaa", "tre gröna soffor", "correct horse battery staple", "Vm9!kP2#qLz8", "8f3kd02mzq17",
		"kaurapuuro ja lumiaura", "aino juo aina mustaa teetä", "regnbåge över köksbordet", "x7Gq-mm29-Tulppaani", "hevosenkenkä naulassa", "päivä paistaa risukasaan",
		"salasana jota kukaan ei arvaa",
	} {
		if err := CheckPassword(p, "Aino Lahti", "aino@demo.example"); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
}

func TestTheListIsAsItIsLookedUp(t *testing.T) {
	for line := range strings.Lines(common) {
		w := strings.TrimSpace(line)
		if w != "" && w[0] != '#' && (w != strings.ToLower(w) || utf8.RuneCountInString(w) > longestWord) {
			t.Errorf("%q is never found", w)
		}
	}
}
