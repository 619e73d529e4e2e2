import { sharedFi, type Language, type Loose } from '@kohta/look';

const PLACES = ['ensimmäisenä', 'toisena', 'kolmantena', 'neljäntenä', 'viidentenä', 'kuudentena', 'seitsemäntenä', 'kahdeksantena', 'yhdeksäntenä', 'kymmenentenä'];

/** What the widget says. Variables stand alone or after a colon, so that no language need bend them. */
export const fi = {
  ...sharedFi, language: 'fi' as Language,
  // names on the screen
  chat: 'Chat', log: 'Keskustelu', message: 'Viesti', send: 'Lähetä', talk: 'Puhu ihmiselle', closeChat: 'Sulje chat',
  openChat: 'Avaa chat', oneNew: '1 uusi viesti', manyNew: (n: string) => `${n} uutta viestiä`, answeredBy: (name: string) => `${name} on vastannut`,
  settings: 'Asetukset', backToChat: 'Takaisin keskusteluun', replies: 'Vaihtoehdot', form: 'Lomake',
  // who
  botName: 'Botti', botAlways: 'Vastaa heti, myös yöllä', coming: 'Ihminen on tulossa',  nothingTwice: 'Sinun ei tarvitse toistaa mitään',
  atOnce: 'Sinut otetaan ennen kaikkia muita', personHere: 'Ihminen, vastaa sinulle', laterTitle: 'Palaamme asiaan', over: 'Keskustelu on päättynyt',
  until: (when: string) => `Viimeistään: ${when}`, callAt: (when: string) => `Soitamme ${when}`, peopleBack: 'Ihmiset palaavat',
  // the person bar
  barAny: 'Voit pyytää ihmisen milloin vain', barDone: 'Pyyntösi on perillä',
  barHere: (name: string) => `${name} on tässä sinua varten`, barLater: 'Pyydämme heti, kun yhteys palaa', barAway: 'Mikään ei katoa', barSending: 'Pyyntö lähtee',
  barSnoozed: 'Palaamme sinulle, niin kuin sovittiin', barClosed: 'Voit jatkaa milloin vain',
  // placeholders
  askAnything: 'Kirjoita omin sanoin', writeMore: 'Voit jo kirjoittaa lisää', writeOn: 'Voit kirjoittaa, mitä haluat', offlineWrite: 'Voit jatkaa kirjoittamista',
  // the beginning
  greeting: 'Hei. Olen botti, en ihminen. Mitä asiasi koskee?',
  loading: 'Luetaan keskustelua',
  // lines
  escalated: (at: string) => `Pyyntö ihmiselle lähti ${at}`,
  joined: (name: string, at: string) => `${name} tuli keskusteluun ${at}`,
  lost: (name: string) => `Yhteys katkesi${name && `: ${name}`}. Paikkasi säilyy, ja seuraava näkee kaiken tämän.`,
  noAnswer: 'Anteeksi, vastaus viipyi. Haemme sinulle toisen ihmisen, ja paikkasi säilyy.',
  released: 'Keskustelu palasi jonoon. Paikkasi säilyy.',
  takenOver: 'Vastaaja vaihtuu. Sinun ei tarvitse toistaa mitään.',
  transferred: (name: string) => `${name} siirsi keskustelun eteenpäin. Sinun ei tarvitse toistaa mitään.`,
  passedOn: 'Keskustelu siirrettiin eteenpäin. Sinun ei tarvitse toistaa mitään.',
  snoozed: (when: string) => `Jatkamme tästä: ${when}`, paused: 'Jatkamme tästä myöhemmin', anytime: 'Kirjoita milloin vain.',
  wokenAgent: 'Keskustelu jatkuu', wokenLine: 'Olet taas jonossa, vanhalla paikallasi', wokenBot: 'Botti jatkaa tästä',
  returned: 'Botti jatkaa tästä. Saat ihmisen, kun haluat.',
  reopened: (at: string) => `Keskustelu jatkuu ${at}`,
  closedByMe: (at: string) => `Päätit keskustelun ${at}`,
  closedBy: (name: string, at: string) => `${name} päätti keskustelun ${at}`,
  closed: (at: string) => `Keskustelu päättyi ${at}`,
  rated: 'Kiitos, kun kerroit.',
  // a person
  isPerson: (name: string) => `${name} on ihminen`, seesAll: 'Hän näkee tämän keskustelun, joten sinun ei tarvitse toistaa mitään.',
  // the line
  place: (n: number) => (PLACES[n - 1] ? `Olet jonossa ${PLACES[n - 1]}` : `Paikkasi jonossa: ${n}`),
  /** `n` is a number or a range, in minutes or in hours. */
  answer: (n: string, hours: boolean) => `Vastaus noin ${n === '1' ? '' : `${n} `}${hours ? 'tunnin' : 'minuutin'} päästä`,
  waitUnknown: 'Emme osaa vielä arvioida aikaa. Kerromme heti, kun osaamme.', now: 'nyt',
  mayClose: 'Voit sulkea ikkunan, paikkasi säilyy.', inLine: 'Olet jonossa', asking: 'Hetki, kysymme kollegalta',
  // the form
  submit: 'Lähetä tiedot', book: 'Varaa soitto', skip: 'Jätetään väliin', optional: 'vapaaehtoinen',
  needed: 'Tämä tarvitaan.', badEmail: 'Tarkista osoite. Esimerkki: nimi@posti.fi', badPhone: 'Tarkista numero. Esimerkki: 040 123 4567',
  // crisis
  helpTitle: 'Apua saa myös soittamalla', emergency: 'Hätänumero, jos olet vaarassa', helpline: 'Kriisipuhelin',
  // rating
  how: 'Miten meni?', bad: 'Huonosti', poor: 'Melko huonosti', fair: 'Siltä väliltä', good: 'Hyvin', great: 'Erittäin hyvin',
  more: 'Haluatko kertoa lisää? Se on vapaaehtoista.', sendRating: 'Lähetä arvio', notNow: 'Ei nyt',
  // settings
  languageName: 'Kieli', size: 'Tekstin koko', small: 'Pieni', normal: 'Tavallinen', large: 'Suuri', huge: 'Hyvin suuri',
  contrast: 'Kontrasti', strong: 'Vahva', sound: 'Ääni', soundWhen: 'Hiljainen merkki, kun ihminen vastaa',
  end: 'Päätä keskustelu', endNote: 'Voit jatkaa samasta keskustelusta myöhemmin.',
  // trouble
  notSent: 'Ei lähetetty', answered: 'Tähän on jo vastattu', away: 'Chat ei ole nyt käytössä. Viestisi ovat tallessa.', again: 'Yritä uudestaan',
  says: (who: string, text: string) => `${who}: ${text}`,
  // a link from a letter
  linkOver: 'Tämä linkki ei enää toimi', linkNote: 'Keskustelusi on tallessa. Jatka sitä sivulla, jolla se alkoi, tai kirjoita tästä uudestaan.', begin: 'Aloita uusi keskustelu',
  stop: 'Lopeta sähköpostit', stopNote: 'Emme enää kirjoita sähköpostiisi tästä keskustelusta, ja linkki tänne lakkaa toimimasta.',
};

/** All that the widget says in one language: the Finnish texts say which there are. */
export type Words = Omit<Loose<typeof fi>, 'language'> & { readonly language: Language };
