package demo

// words is everything the shop says in one language. A test sees to it that nothing is left empty.
type words struct {
	Lang, Title, Description      string
	Skip, Menu, Languages         string
	Notice, NoticeAsk, NoticeWith string
	NavCoffee, NavBrewing         string
	NavDelivery, NavContact       string
	HeroTop, HeroTitle, HeroText  string
	HeroButton, HeroLink          string
	Fact1, Fact1Text              string
	Fact2, Fact2Text              string
	Fact3, Fact3Text              string
	CoffeeTitle, CoffeeText       string
	Roast, RoastOf, Taste, Order  string
	Organic, Decaf, Guest         string
	BrewTitle, BrewText           string
	Steps                         []step
	GrinderTitle, GrinderText     string
	GrinderPrice                  string
	ClicksCaption, Method, Clicks string
	ClicksRows                    []clickRow
	DeliveryTitle, DeliveryText   string
	Deliveries                    []fact
	ReturnsTitle                  string
	Returns                       []string
	SubscriptionTitle             string
	SubscriptionText              string
	ContactTitle, ContactText     string
	AddressTitle, HoursTitle      string
	AddressNote                   string
	Hours                         []fact
	Holidays                      string
	ChatTitle, ChatText           string
	Foot, Console                 string
	CheckoutTitle, CheckoutText   string
	CheckoutTry, CheckoutBack     string
	CheckoutNeeds                 string
	CheckoutEmpty                 string
	StateReceived, StateRoasting  string
	StatePacked, StateShipped     string
	StateDelivered, StateLate     string
	Coffees                       map[string]coffeeWords
}

// step is one figure of the brewing guide, with what it is about.
type step struct{ Figure, Title, Text string }

type clickRow struct{ Method, Clicks string }

type fact struct{ Term, Text string }

// coffeeWords is what one coffee is said to be.
type coffeeWords struct{ Origin, Taste, Text string }

// coffee is what is the same in every language. Art names the drawing on its bag and its colours.
type coffee struct {
	Art, Name, Price      string
	Roast                 int // from 1, light, to 5, dark
	Organic, Decaf, Guest bool
}

func coffees() []coffee {
	return []coffee{
		{Art: "aamu", Name: "Aamu", Price: "10,90", Roast: 2, Organic: true},
		{Art: "arki", Name: "Arki", Price: "8,90", Roast: 3},
		{Art: "ilta", Name: "Ilta", Price: "9,50", Roast: 5},
		{Art: "retki", Name: "Retki", Price: "9,50", Roast: 4},
		{Art: "lepo", Name: "Lepo", Price: "10,90", Roast: 3, Organic: true, Decaf: true},
		{Art: "vieras", Name: "Vieras", Price: "12,50", Roast: 2, Guest: true},
	}
}

func finnish() words {
	return words{
		Lang:        "fi",
		Title:       "Kahvila Kohta, pieni paahtimo Tampereella",
		Description: "Tuoretta kahvia pieneltä paahtimolta Tampereelta. Perillä 2–4 arkipäivässä.",
		Skip:        "Siirry sisältöön", Menu: "Sivun osat", Languages: "Kieli",
		Notice:    "Kauppa on keksitty, chat on oikea.",
		NoticeAsk: "Kysy vaikka: ”Moi! Koska mun tilaus 10234 tulee?”", NoticeWith: "Sähköposti: marja@posti.example",
		NavCoffee: "Kahvit", NavBrewing: "Keittäminen", NavDelivery: "Toimitus", NavContact: "Yhteys",
		HeroTop: "Paahtimo ja kahvila, Tampere", HeroTitle: "Paahdettu tänään, kupissa kohta.",
		HeroText:   "Teemme kuutta kahvia pienissä erissä, joka arkiaamu. Saat ne kotiin tai noutopisteeseen, kun ne ovat parhaimmillaan.",
		HeroButton: "Katso kahvit", HeroLink: "Näin keität",
		Fact1: "2–4 päivää", Fact1Text: "arkisin perille asti",
		Fact2: "45 eurosta", Fact2Text: "toimitus on maksuton",
		Fact3: "30 päivää", Fact3Text: "aikaa palauttaa",
		CoffeeTitle: "Kahvit", CoffeeText: "Hinta on 250 gramman pussista, myös puoli kiloa on. Papuina tai jauhettuna, paahtopäivä pussin pohjassa.",
		Roast: "Paahto", RoastOf: "asteikolla yhdestä viiteen", Taste: "Maku", Order: "Tilaa",
		Organic: "Luomu", Decaf: "Kofeiiniton", Guest: "Kauden vieras",
		BrewTitle: "Hyvä kuppi", BrewText: "Kolme lukua riittää. Loput maistat.",
		Steps: []step{
			{"60 g", "Litraan vettä", "Kupille 7–8 grammaa, noin yksi kahvimitta."},
			{"92–96°", "Vesi", "Anna kiehuneen veden odottaa puoli minuuttia."},
			{"4 min", "Malttia", "Pressopannu hautuu neljä minuuttia, suodatin valuu 4–6."},
		},
		GrinderTitle: "Käsimylly Kampi", GrinderText: "Teräksinen terä, pähkinäpuinen nuppi ja 32 napsua. Jauhaa kahden kupin kahvit minuutissa.",
		GrinderPrice: "89 €", ClicksCaption: "Montako napsua auki nollasta", Method: "Valmistus", Clicks: "Napsut",
		ClicksRows:    []clickRow{{"Espresso", "8–12"}, {"Mokkapannu", "12–15"}, {"Suodatin", "18–22"}, {"Presso ja nokipannu", "26–30"}},
		DeliveryTitle: "Toimitus ja palautukset", DeliveryText: "Ennen klo 12 tehty tilaus lähtee viimeistään seuraavana arkipäivänä.",
		Deliveries: []fact{
			{"Noutopiste", "4,90 €, 2–4 arkipäivää"},
			{"Kotiin", "7,90 €, 2–4 arkipäivää, klo 8–16"},
			{"Nouto paahtimolta", "maksuton"},
			{"Muualle EU:hun", "9,90 €, 5–8 arkipäivää"},
			{"Vähintään 45 €", "Suomeen maksuton"},
		},
		ReturnsTitle: "Jos jokin menee vikaan",
		Returns: []string{
			"Avaamattomat kahvit ja käyttämättömät välineet voi palauttaa 30 päivän ajan.",
			"Palautuskoodin saat chatista. Palautus on maksuton.",
			"Rahat palautuvat viiden arkipäivän sisällä siitä, kun paketti on meillä.",
		},
		SubscriptionTitle: "Kahvi ei lopu kesken", SubscriptionText: "Kestotilaus tulee kahden tai neljän viikon välein, 10 % halvemmalla ja ilman toimitusmaksua. Tauko tai loppu milloin vain.",
		ContactTitle: "Tule käymään tai kysy", ContactText: "Kahvilan ikkunasta näkee paahtimoon. Yleensä joku on kotona.",
		AddressTitle: "Osoite", HoursTitle: "Kahvila on auki", AddressNote: "Kymmenen minuuttia kävellen asemalta. Ei portaita, pihassa kuusi parkkipaikkaa.",
		Hours:     []fact{{"Maanantai–perjantai", "8–17"}, {"Lauantai", "10–15"}, {"Sunnuntai", "kiinni"}},
		Holidays:  "Pyhät: kiinni itsenäisyyspäivänä, jouluaatosta tapaninpäivään, uudenvuodenpäivänä, pääsiäisenä, vappupäivänä ja juhannuksena.",
		ChatTitle: "Chat", ChatText: "Botti vastaa heti, myös yöllä. Ihminen on yhden napin päässä sivun alakulmassa. Chatilla ei ole aukioloaikoja: soitonkin voi varata mihin aikaan vain.",
		Foot: "Kahvila Kohta on keksitty kauppa, jossa voi kokeilla chatia.", Console: "Asiakaspalvelijan näkymä",
		CheckoutTitle: "Kassa", CheckoutText: "Tässä kaupassa ei voi oikeasti ostaa. Chatissa voi kysyä näistä tilauksista.",
		CheckoutTry: "Tilaukset, joista voi kysyä", CheckoutBack: "Takaisin kahveihin", CheckoutNeeds: "Tilausnumero ja sähköposti riittävät.",
		CheckoutEmpty: "Ostoskori on tyhjä.",
		StateReceived: "odottaa paahtoa", StateRoasting: "paahdossa", StatePacked: "pakattu", StateShipped: "matkalla", StateDelivered: "perillä", StateLate: "myöhässä",
		Coffees: map[string]coffeeWords{
			"aamu":   {"Etiopia, Sidama", "karhunvatukka, bergamotti, hunaja", "Vaalea ja raikas. Hyvä ensimmäiseksi kupiksi."},
			"arki":   {"Brasilia ja Guatemala", "maitosuklaa, hasselpähkinä, omena", "Se, jota talossa juodaan eniten. Sopii kaikille keittimille."},
			"ilta":   {"Kolumbia ja Sumatra", "tumma suklaa, luumu, mauste", "Tumma ja pehmeä. Espressoon ja maidon kanssa."},
			"retki":  {"Guatemala, Huehuetenango", "paahdettu pähkinä, karamelli, savu", "Karkea jauhatus nokipannuun. Kestää myös unohtamisen tulelle."},
			"lepo":   {"Kolumbia, Huila", "kaakao, rusina, ruokosokeri", "Kofeiiniton, jota ei huomaa kofeiinittomaksi."},
			"vieras": {"Kenia, Nyeri", "mustaherukka, greippi, kirsikka", "Vaihtuu neljä kertaa vuodessa. Nyt kirpeä ja mehukas."},
		},
	}
}

func swedish() words {
	return words{
		Lang:        "sv",
		Title:       "Kahvila Kohta, ett litet rosteri i Tammerfors",
		Description: "Färskt kaffe från ett litet rosteri i Tammerfors. Framme på 2–4 vardagar.",
		Skip:        "Till innehållet", Menu: "Sidans delar", Languages: "Språk",
		Notice:    "Butiken är påhittad, chatten är på riktigt.",
		NoticeAsk: "Fråga till exempel: ”Hej, när kommer min beställning 10234?”", NoticeWith: "E-post: marja@posti.example",
		NavCoffee: "Kaffe", NavBrewing: "Bryggning", NavDelivery: "Leverans", NavContact: "Kontakt",
		HeroTop: "Rosteri och kafé, Tammerfors", HeroTitle: "Rostat i dag, strax i koppen.",
		HeroText:   "Vi gör sex kaffen i små satser, varje vardagsmorgon. Du får dem hem eller till ett utlämningsställe när de är som bäst.",
		HeroButton: "Se kaffet", HeroLink: "Så brygger du",
		Fact1: "2–4 dagar", Fact1Text: "ända fram, på vardagar",
		Fact2: "Från 45 euro", Fact2Text: "är leveransen gratis",
		Fact3: "30 dagar", Fact3Text: "tid att returnera",
		CoffeeTitle: "Kaffe", CoffeeText: "Priset gäller en påse på 250 gram, halvkilo finns också. Som bönor eller malet, med rostningsdagen på botten.",
		Roast: "Rostning", RoastOf: "på skalan ett till fem", Taste: "Smak", Order: "Beställ",
		Organic: "Ekologiskt", Decaf: "Koffeinfritt", Guest: "Säsongens gäst",
		BrewTitle: "En god kopp", BrewText: "Tre tal räcker. Resten smakar du dig fram till.",
		Steps: []step{
			{"60 g", "Per liter vatten", "För en kopp 7–8 gram, ungefär ett kaffemått."},
			{"92–96°", "Vattnet", "Låt vatten som kokat vänta en halv minut."},
			{"4 min", "Tålamod", "Presskannan drar i fyra minuter, filtret rinner på 4–6."},
		},
		GrinderTitle: "Handkvarnen Kampi", GrinderText: "Malskivor av stål, knopp av valnöt och 32 klick. Mal till två koppar på en minut.",
		GrinderPrice: "89 €", ClicksCaption: "Antal klick från noll", Method: "Tillredning", Clicks: "Klick",
		ClicksRows:    []clickRow{{"Espresso", "8–12"}, {"Mokabryggare", "12–15"}, {"Filter", "18–22"}, {"Presskanna och kokkaffe", "26–30"}},
		DeliveryTitle: "Leverans och returer", DeliveryText: "En beställning före kl. 12 skickas senast följande vardag.",
		Deliveries: []fact{
			{"Utlämningsställe", "4,90 €, 2–4 vardagar"},
			{"Hem", "7,90 €, 2–4 vardagar, kl. 8–16"},
			{"Hämtning på rosteriet", "gratis"},
			{"Övriga EU", "9,90 €, 5–8 vardagar"},
			{"Minst 45 €", "gratis inom Finland"},
		},
		ReturnsTitle: "Om något går fel",
		Returns: []string{
			"Oöppnat kaffe och oanvänd utrustning kan returneras i 30 dagar.",
			"Returkoden får du i chatten. Returen är gratis.",
			"Pengarna kommer inom fem vardagar från det att paketet är hos oss.",
		},
		SubscriptionTitle: "Kaffet tar inte slut", SubscriptionText: "Prenumerationen kommer varannan eller var fjärde vecka, 10 % billigare och utan leveransavgift. Pausa eller avsluta när du vill.",
		ContactTitle: "Kom på besök eller fråga", ContactText: "Från kaféets fönster ser man in i rosteriet. Oftast är någon hemma.",
		AddressTitle: "Adress", HoursTitle: "Kaféet är öppet", AddressNote: "Tio minuters promenad från stationen. Inga trappor, sex parkeringsplatser på gården.",
		Hours:     []fact{{"Måndag–fredag", "8–17"}, {"Lördag", "10–15"}, {"Söndag", "stängt"}},
		Holidays:  "Helger: stängt på självständighetsdagen, från julafton till annandag jul, nyårsdagen, påsken, första maj och midsommaren.",
		ChatTitle: "Chatt", ChatText: "Botten svarar genast, också på natten. En människa är ett knapptryck bort i sidans hörn. Chatten har inga öppettider: också ett samtal kan bokas till vilken tid som helst.",
		Foot: "Kahvila Kohta är en påhittad butik där man kan pröva chatten.", Console: "Kundtjänstens vy",
		CheckoutTitle: "Kassan", CheckoutText: "I den här butiken går det inte att köpa på riktigt. I chatten kan du fråga om de här beställningarna.",
		CheckoutTry: "Beställningar att fråga om", CheckoutBack: "Tillbaka till kaffet", CheckoutNeeds: "Beställningsnumret och e-posten räcker.",
		CheckoutEmpty: "Varukorgen är tom.",
		StateReceived: "väntar på rostning", StateRoasting: "rostas", StatePacked: "packad", StateShipped: "på väg", StateDelivered: "framme", StateLate: "försenad",
		Coffees: map[string]coffeeWords{
			"aamu":   {"Etiopien, Sidama", "björnbär, bergamott, honung", "Ljust och friskt. Bra som dagens första kopp."},
			"arki":   {"Brasilien och Guatemala", "mjölkchoklad, hasselnöt, äpple", "Det som dricks mest i huset. Passar alla bryggare."},
			"ilta":   {"Colombia och Sumatra", "mörk choklad, plommon, krydda", "Mörkt och mjukt. För espresso och med mjölk."},
			"retki":  {"Guatemala, Huehuetenango", "rostad nöt, karamell, rök", "Grov malning för kokkaffe. Tål att glömmas på elden."},
			"lepo":   {"Colombia, Huila", "kakao, russin, rörsocker", "Koffeinfritt utan att det märks."},
			"vieras": {"Kenya, Nyeri", "svarta vinbär, grapefrukt, körsbär", "Byts fyra gånger om året. Nu syrligt och saftigt."},
		},
	}
}

func english() words {
	return words{
		Lang:        "en",
		Title:       "Kahvila Kohta, a small roastery in Tampere",
		Description: "Fresh coffee from a small roastery in Tampere, Finland. With you in 2–4 working days.",
		Skip:        "Skip to content", Menu: "Parts of the page", Languages: "Language",
		Notice:    "The shop is made up, the chat is real.",
		NoticeAsk: "Ask it: “Hi, when is my order 10234 coming?”", NoticeWith: "E-mail: marja@posti.example",
		NavCoffee: "Coffees", NavBrewing: "Brewing", NavDelivery: "Delivery", NavContact: "Contact",
		HeroTop: "Roastery and café, Tampere", HeroTitle: "Roasted today, soon in your cup.",
		HeroText:   "We make six coffees in small batches, every weekday morning. They come to your door or a pick-up point when they are at their best.",
		HeroButton: "See the coffees", HeroLink: "How to brew",
		Fact1: "2–4 days", Fact1Text: "on weekdays, all the way",
		Fact2: "From 45 euros", Fact2Text: "delivery is free",
		Fact3: "30 days", Fact3Text: "to send things back",
		CoffeeTitle: "Coffees", CoffeeText: "Prices are for a bag of 250 grams, and there is a half kilo too. As beans or ground, with the roast date on the bottom.",
		Roast: "Roast", RoastOf: "on a scale of one to five", Taste: "Taste", Order: "Order",
		Organic: "Organic", Decaf: "Decaf", Guest: "Guest of the season",
		BrewTitle: "A good cup", BrewText: "Three figures are enough. The rest is tasting.",
		Steps: []step{
			{"60 g", "To a litre of water", "7–8 grams for a cup, about one scoop."},
			{"92–96°", "The water", "Let boiled water wait for half a minute."},
			{"4 min", "Patience", "A French press steeps for four minutes, a filter runs for 4–6."},
		},
		GrinderTitle: "Hand grinder Kampi", GrinderText: "Steel burrs, a walnut knob and 32 clicks. Grinds for two cups in a minute.",
		GrinderPrice: "€89", ClicksCaption: "Clicks open from zero", Method: "Brewing", Clicks: "Clicks",
		ClicksRows:    []clickRow{{"Espresso", "8–12"}, {"Moka pot", "12–15"}, {"Filter", "18–22"}, {"French press, campfire", "26–30"}},
		DeliveryTitle: "Delivery and returns", DeliveryText: "An order made before 12 leaves the next working day at the latest.",
		Deliveries: []fact{
			{"Pick-up point", "€4.90, 2–4 working days"},
			{"To your door", "€7.90, 2–4 working days, 8–16"},
			{"From the roastery", "free"},
			{"Elsewhere in the EU", "€9.90, 5–8 working days"},
			{"€45 or more", "free in Finland"},
		},
		ReturnsTitle: "If something goes wrong",
		Returns: []string{
			"Unopened coffee and unused equipment can be returned for 30 days.",
			"You get a return code in the chat. The return is free.",
			"The money comes back within five working days of the parcel reaching us.",
		},
		SubscriptionTitle: "Never out of coffee", SubscriptionText: "A subscription comes every two or four weeks, 10 % cheaper and with free delivery. Pause or end it whenever you like.",
		ContactTitle: "Come by, or ask", ContactText: "From the café window you can see into the roastery. Somebody is usually home.",
		AddressTitle: "Address", HoursTitle: "The café is open", AddressNote: "Ten minutes on foot from the station. No steps, six parking places in the yard.",
		Hours:     []fact{{"Monday–Friday", "8–17"}, {"Saturday", "10–15"}, {"Sunday", "closed"}},
		Holidays:  "Holidays: closed on Independence Day (6 December), 24–26 December, New Year's Day, Easter, May Day and Midsummer.",
		ChatTitle: "Chat", ChatText: "The bot answers at once, at night too. A person is one button away, in the corner of the page. The chat keeps no opening hours: a call, too, can be booked for any time of day.",
		Foot: "Kahvila Kohta is a made-up shop for trying out the chat.", Console: "The agents' view",
		CheckoutTitle: "Checkout", CheckoutText: "Nothing can really be bought in this shop. In the chat you can ask about these orders.",
		CheckoutTry: "Orders to ask about", CheckoutBack: "Back to the coffees", CheckoutNeeds: "The order number and the e-mail are enough.",
		CheckoutEmpty: "The basket is empty.",
		StateReceived: "waiting to be roasted", StateRoasting: "being roasted", StatePacked: "packed", StateShipped: "on its way", StateDelivered: "delivered", StateLate: "late",
		Coffees: map[string]coffeeWords{
			"aamu":   {"Ethiopia, Sidama", "blackberry, bergamot, honey", "Light and fresh. Good as the first cup of the day."},
			"arki":   {"Brazil and Guatemala", "milk chocolate, hazelnut, apple", "What the house drinks most. Suits every brewer."},
			"ilta":   {"Colombia and Sumatra", "dark chocolate, plum, spice", "Dark and soft. For espresso, and with milk."},
			"retki":  {"Guatemala, Huehuetenango", "roasted nut, caramel, smoke", "Coarse ground for the campfire. Forgives being forgotten on it."},
			"lepo":   {"Colombia, Huila", "cocoa, raisin, cane sugar", "Decaf that nobody takes for decaf."},
			"vieras": {"Kenya, Nyeri", "blackcurrant, grapefruit, cherry", "Changes four times a year. Sharp and juicy now."},
		},
	}
}
