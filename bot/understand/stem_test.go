package understand

import (
	"strings"
	"testing"
)

// The forms of a word have one stem, whatever its consonants do, and different words do not.
func TestStems(t *testing.T) {
	for language, lists := range map[string][]string{
		"fi": {
			"tilaus tilauksen tilausta tilauksia tilaukseni tilauksista tilauksella tilausten", "kahvi kahvin kahvia kahvista kahveja kahvien", "pankki pankin pankkia pankista pankeissa",
			"lahjakortti lahjakortin lahjakortilla lahjakortteja lahjakortit", "hinta hinnan hintaa hinnat hintoja hinnoista", "mylly myllyn myllyä myllyssä myllyt", "maku maun makua maussa",
			"vesi veden vettä vedessä", "toimitus toimituksen toimitusta toimitukset", "säilytys säilytyksen säilyttää säilytetään sailytys", "jauhatus jauhatuksen jauhaa jauhettu jauhan jauhaminen",
			"palautus palautuksen palauttaa palautan palauttaminen", "suodatin suodattimen suodatinta suodattimet", "papu pavun papuja pavut", "kuppi kupin kuppia kupilla", "kaupunki kaupungin kaupunkia",
			"pakastin pakastimessa pakastimeen", "puhdistus puhdistaa puhdistan puhdistaminen", "mahdollisuus mahdollisuuden mahdollisuutta", "alennus alennuksen alennusta", "leipä leivän leipää",
			"kenkä kengän kenkiä", "reikä reiän reikää reikiä reiät reiässä", "aika ajan aikaa aikoja ajat", "puku puvun pukuja", "luku luvun lukuja", "suku suvun", "joki joen jokia", "polku polun polkuja",
			"velka velan velkaa", "ruoka ruoan ruuan ruokaa", "vika vian vikaa viat", "laki lain lakia", "kurki kurjen", "susi suden sutta susia", "vuosi vuoden vuotta vuosia", "käsi käden kättä käsiä",
			"avain avaimen avainta avaimia", "puhelin puhelimen puhelimessa puhelimia", "asiakas asiakkaan asiakasta asiakkaita", "vieras vieraan vieraita", "hammas hampaan hampaita", "rengas renkaan rengasta renkaita",
			"rikas rikkaan", "kaunis kauniin kauniita", "kallis kalliin", "salasana salasanan salasanoja", "lakana lakanan lakanoiden", "ikkuna ikkunan ikkunoita", "päätös päätöksen päätöksiä", "sopimus sopimuksen sopimusta",
			"vahinko vahingon vahinkoja", "runko rungon", "jäsen jäsenen jäsentä", "kuukausi kuukauden kuukautta", "työ työn työtä töitä", "ovi oven ovia", "apu avun apua",
		},
		"sv": {"beställning beställningen beställningar beställningarna", "leverans leveransen leveranser", "påse påsen påsar påsarna", "bryggare bryggaren bryggarna", "adress adressen adresser"},
		"en": {"order orders ordered ordering", "delivery deliveries", "bean beans", "grinder grinders", "recycle recycled recycling"},
	} {
		st := NewStemmer(language)
		owner := map[string]string{}
		for _, list := range lists {
			forms := strings.Fields(list)
			want := st.Stem(foldedWord(forms[0]))
			for _, f := range forms {
				if got := st.Stem(foldedWord(f)); got != want {
					t.Errorf("%s: %s is %q, %s is %q", language, f, got, forms[0], want)
				}
			}
			if other, ok := owner[want]; ok {
				t.Errorf("%s: %s and %s are both %q", language, forms[0], other, want)
			}
			owner[want] = forms[0]
		}
	}
}

func foldedWord(w string) string {
	var a analysis
	a.read(w)
	return string(a.folded)
}
