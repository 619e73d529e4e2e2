package mask_test

import (
	"strings"
	"testing"

	"github.com/kohta/kohta/chat/mask"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		n              int
	}{
		{"nothing to hide", "Moi, koska tilaus 10234 tulee?", "Moi, koska tilaus 10234 tulee?", 0},
		{"empty", "", "", 0},

		{"card in one piece", "korttini on 4111111111111111.", "korttini on ****1111.", 1},
		{"card in fours", "4111 1111 1111 1111", "****1111", 1},
		{"card with dashes", "5555-5555-5555-4444!", "****4444!", 1},
		{"card with dots", "5555.5555.5555.4444", "****4444", 1},
		{"card with wide spaces", "5555\u00a05555 - 5555\u202f4444", "****4444", 1},
		{"card of fifteen", "Amex 3782 822463 10005", "Amex ****0005", 1},
		{"card of fourteen", "3056 930902 5904", "****5904", 1},
		{"card of nineteen in groups", "6304 0000 0000 0000 018", "****0018", 1},
		{"card after an order number", "tilaus 10234 4111 1111 1111 1111", "tilaus 10234 ****1111", 1},
		{"card before its code", "4111 1111 1111 1111 737", "****1111 737", 1},
		{"two cards", "4111111111111111 ja 5555555555554444", "****1111 ja ****4444", 2},
		{"two cards side by side", "4111111111111111 5555555555554444", "****1111 ****4444", 2},
		{"wrong last digit", "4111 1111 1111 1112", "4111 1111 1111 1112", 0},
		{"too short", "411111111116", "411111111116", 0},
		{"too long", "41111111111111111111", "41111111111111111111", 0},
		{"part of a word", "x4111111111111111", "x4111111111111111", 0},
		{"telephone with a plus", "+4915112345678", "+4915112345678", 0},
		{"telephone with two zeros", "00358401234565", "00358401234565", 0},
		{"order numbers in a row", "10234 10235 10239", "10234 10235 10239", 0},

		{"identity code", "hetu 131052-308T", "hetu ****", 1},
		{"identity code in small letters", "131052-308t,", "****,", 1},
		{"identity code with a long dash", "131052–308T", "****", 1},
		{"identity code of this century", "(010203A1230)", "(****)", 1},
		{"identity code, new sign", "131052Y308T", "****", 1},
		{"identity code of the old", "131052+308T", "****", 1},
		{"wrong check character", "131052-308U", "131052-308U", 0},
		{"no such day", "310252-308T", "310252-308T", 0},
		{"part of a longer number", "1131052-308T", "1131052-308T", 0},
		{"part of a longer code", "131052-308T5", "131052-308T5", 0},

		{"account", "FI21 1234 5600 0007 85", "FI****0785", 1},
		{"account in one piece", "IBAN:FI2112345600000785", "IBAN:FI****0785", 1},
		{"account in small letters", "fi2112345600000785 kiitos", "FI****0785 kiitos", 1},
		{"account, country apart", "FI 21 1234 5600 0007 85", "FI****0785", 1},
		{"account with letters", "GB82 WEST 1234 5698 7654 32", "GB****5432", 1},
		{"account, then a number", "SE45 5000 0000 0583 9825 7466 500", "SE****7466 500", 1},
		{"wrong account", "FI21 1234 5600 0007 86", "FI21 1234 5600 0007 86", 0},
		{"no such country", "XX21 1234 5600 0007 86", "XX21 1234 5600 0007 86", 0},
		{"business id", "FI12345678", "FI12345678", 0},

		{"password", "password: hunter2", "password: ****", 1},
		{"salasana", "Salasana:kissa123 toimi ennen", "Salasana:**** toimi ennen", 1},
		{"lösenord", "LÖSENORD = hemligt!", "LÖSENORD = ****", 1},
		{"lösenord in two code points", "lo\u0308senord: hemligt", "lo\u0308senord: ****", 1},
		{"inflected", "mun salasanani on: kissa", "mun salasanani on: ****", 1},
		{"definite", "lösenordet är: katt", "lösenordet är: ****", 1},
		{"compound", "verkkopankkisalasana: kissa", "verkkopankkisalasana: ****", 1},
		{"quoted", `{"password": "two words", "x": 1}`, `{"password": "****", "x": 1}`, 1},
		{"quote that never closes", `password: "two words`, `password: **** words`, 1},
		{"on the next line", "Password:\nhunter2", "Password:\n****", 1},
		{"a card as password, and what clings to it", "password:--3343 0747 8322 0745 7- ja", "password:**** ja", 1},
		{"a card as password", "password: 4111 1111 1111 1111", "password: ****", 1},
		{"an account as password", "password: FI21 1234 5600 0007 85", "password: ****", 1},
		{"nothing after it", "Unohdin salasanan:", "Unohdin salasanan:", 0},
		{"talk of passwords", "en muista salasanaa, apua", "en muista salasanaa, apua", 0},
		{"another word", "osoite: Kotikatu 1", "osoite: Kotikatu 1", 0},
		{"another on", "kello on: 12", "kello on: 12", 0},
		{"hidden already", "password: ****", "password: ****", 0},

		{"all at once", "131052-308T, FI2112345600000785, 4111111111111111, pwd=x", "****, FI****0785, ****1111, pwd=****", 4},
		{"invalid UTF-8 around", "\xff4111111111111111\xff", "\xff****1111\xff", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, n := mask.Text(c.in)
			if got != c.want || n != c.n {
				t.Errorf("Text(%q) = %q, %d; want %q, %d", c.in, got, n, c.want, c.n)
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"words", "Moi! Koska mun tilaus tulee, se piti olla täällä jo eilen ja olen odottanut koko päivän?"},
		{"numbers", "Tilaus 10234, puhelin 040 123 4567, tilattu 17.3.2026 klo 14.32: missä se on?"},
		{"secrets", "131052-308T, FI21 1234 5600 0007 85, 4111 1111 1111 1111, salasana: kissa"},
		{"16 KiB of digits", strings.Repeat("4111 1111 1111 1112 ", 820)},
		{"16 KiB of colons", strings.Repeat("password:", 1820)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				mask.Text(c.text)
			}
		})
	}
}
