package knowledge

import "strings"

// isStop tells whether a folded word asks or joins and says nothing of the matter.
func isStop(language, word string) bool {
	return len(word) == 1 && (word[0] < '0' || word[0] > '9') || stopWords[language][word]
}

var stopWords = map[string]map[string]bool{
	"fi": set(`ja tai vai etta jos kun ku niin on oli ovat oo ole olen olet olla olisi ollut onko onks oisko olisiko ei en et emme ette eivat eiko enka eika mina ma minun mun minua mua minulle mulle
		minulla mulla sina sa sinun sun sinulla sulla te teilla teilta teille teidan teijan teian me meilla meille se sen sita siita sille sina siina siihen sinne ne niita niiden ton tota toi ton tuo tuon ton tuota tama taman tata tassa
		naita nama mika mita mitka mihin missa mista milla mille minne millainen millaista minkalainen minkalaista miten kuinka kauan kauanko kuin paljonko paljon montako monta milloin koska koskahan miksi miks
		voi voiko voiks voinko voisinko voisko voisiko voitteko voin voisin voitte saa saako saaks saanko saan sais saisi saisiko pitaa pitaako pitaisi pitais pitaisko kannattaa kannattaako kannattais tarvii tarvitsee tarvitseeko
		haluan haluaisin haluisin haluan haluun moi hei terve moikka kiitos kiitti pliis ihan vaan vain myos viela nyt sitten sit jo joku jokin jotain jonkun joka jotka kanssa kaa ilman varten mukaan pitkin
		hyva hyvin paras parhaiten parasta mieluiten ok no juu joo kyllä kylla kertoisitko kerro kertokaa sanokaa neuvo neuvoa ohje ohjeet ohjetta apua tietoa tiedatko tiedatteko kysymys kysyisin osaatko
		tehda teen tehdaan tehdaanko tekee kaytetaan kaytan kayttaa kay kayko kayks menee onnistuu onnistuuko asia asiasta juttu pysty pystyy pystyyko onkohan vois eli eiks jarjestatteko järjestättekö tapahtuu kay mihin mennessa mennessä resepti reseptia saatavilla tarjolla vanha vanhoja erilaisia`),
	"sv": set(`och eller att om nar da sa ar var vara varit blir bli har hade ha inte ej jag mig min mitt mina du dig din ditt dina ni er ert era vi oss var vart vara den det de dem dom denna detta dessa en ett
		i pa av for fran till med utan hos vid under over efter som vad vilken vilket vilka hur vart nar varfor lange mycket manga kan kunna kunde ska skall skulle far fa maste bor borde vill ville
		hej tjena moj moro tack snalla bara ocksa an nu sedan sen redan nagon nagot nagra man sig sin sitt sina bra bast basta gor gora gar ga tips hjalp rad fraga undrar berätta beratta ja nej jo okej
		behover behöver man dags brukar finns ens sak gangen det alltså alltsa ordnar recept händer sker slå sorts`),
	"en": set(`and or that if when then so is are was were be been am do does did done doing not no nor i me my mine you your yours we us our ours it its they them their this that these those a an the
		in on of for from to with without at by under over after as what which who how where when why long much many can could should shall will would may might must want wanted wants like need needs
		hello hi hey thanks thank please just also still now already some any one ones good well best better way make making use using tips tip help advice question wonder tell know there here
		have has had get got getting it's i'm don't isn't what's how's ok yes about into out up happens recipe allowed safe available`),
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[fold(w)] = true
	}
	return m
}
