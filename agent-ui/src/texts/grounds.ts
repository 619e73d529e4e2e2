type Named = Readonly<Record<string, string>>;
type Of = (name: string) => string;

/**
 * The words for what carried a decision of the bot. Keys are the names that the desk sends, so that what it sends need
 * not change; the names that an author gave stay as they are.
 */
export interface Grounds {
  /** The rules that are the desk's own. */
  readonly rule: Named;
  /** Rules about something that an author named. */
  readonly about: Readonly<Record<'action' | 'article' | 'form' | 'option' | 'rule' | 'topic', Of>>;
  /** What went on with a form or a look-up. */
  readonly fact: Named;
  /** A condition on what a look-up brought, as its author wrote it. */
  readonly condition: Of;
  readonly status: Of;
  readonly formGone: Of;
  readonly valueMissing: Of;
  readonly toCheck: Of;
  /** A feeling that brought a person in. */
  readonly feels: Named;
  readonly quoted: Of;
  readonly like: Of;
  readonly sure: Of;
  readonly met: Of;
  readonly nearest: Of;
  readonly percent: (whole: number) => string;
  /** Why not at an earlier message, by its number. */
  readonly notEarlier: (number: string, why: string) => string;
  readonly lacked: Named;
  readonly below: (feeling: string, percent: string) => string;
  readonly elsewhere: Of;
  readonly hurry: Of;
  readonly missed: (times: number) => string;
}

const fi: Grounds = {
  rule: {
    asked: 'asiakas pyysi ihmistä',
    'wish for a person': 'asiakas pyysi ihmistä',
    crisis: 'asiakas voi olla vaarassa',
    'feeling over its limit': 'tunne nousi yli rajan',
    'a grave matter': 'vakava asia',
    'several matters at once': 'monta asiaa samalla kertaa',
    'urgent, and nothing fits': 'kiire, eikä sopivaa vastausta löytynyt',
    'urgent, and the bot has no answer': 'kiire, eikä botilla ole vastausta',
    'urgent, and the bot has not settled it': 'kiire, eikä botti ole saanut asiaa ratkaistua',
    'the same question again': 'sama kysymys uudestaan',
    'that did not help': 'vastauksesta ei ollut apua',
    'the bot has not understood twice': 'botti ei ymmärtänyt kahta viestiä',
    'the bot has not understood, and that is felt': 'botti ei ymmärtänyt, ja se harmitti asiakasta',
    'the bot has given the same answer twice': 'botti antoi saman vastauksen kahdesti',
    'the answers do not meet the question': 'vastaukset eivät osuneet kysymykseen',
    'this bot hands over': 'tämä botti ohjaa asiat ihmiselle',
    'nothing fits': 'sopivaa vastausta ei löytynyt',
    'nothing fits well enough': 'mikään vastaus ei sopinut tarpeeksi hyvin',
    'nothing fits twice': 'sopivaa vastausta ei löytynyt toisellakaan kerralla',
    'asks which is meant': 'botti kysyi, mitä asiaa tarkoitetaan',
    'none of those': 'mikään ehdotetuista ei ollut oikea',
    'are you a bot': 'asiakas kysyi, onko tämä botti',
    'small talk': 'jutustelua',
    greeting: 'tervehdys',
  },
  about: {
    action: (id) => `haku ${id}`, article: (title) => `artikkeli ”${title}”`, form: (id) => `lomake ${id}`,
    option: (id) => `painike ${id}`, rule: (id) => `sääntö ${id}`, topic: (id) => `aihe ${id}`,
  },
  fact: {
    always: 'aina', filled: 'täytetty', 'offered again': 'tarjottiin uudestaan', 'nothing to say': 'ei mitään sanottavaa',
    'the action is gone': 'hakua ei enää ole', 'a value is missing': 'tieto puuttuu', 'no case fits': 'mikään tapaus ei sovi tulokseen',
    timeout: 'vastausta ei tullut ajoissa', unreachable: 'palvelu ei vastannut', refused: 'pyyntöä ei sallittu', too_large: 'tietoa oli liikaa',
  },
  condition: (source) => `ehto ${source}`,
  status: (code) => `palvelu vastasi koodilla ${code}`,
  formGone: (id) => `lomaketta ${id} ei enää ole`,
  valueMissing: (key) => `vastauksesta ${key} puuttuu tieto`,
  toCheck: (fields) => `tarkistettavaa: ${fields}`,
  feels: {
    calm: 'asiakas on rauhallinen', pleased: 'asiakas on tyytyväinen', frustrated: 'asiakas on turhautunut', angry: 'asiakas on vihainen',
    distressed: 'asiakas on huolissaan', urgent: 'asiakkaalla on kiire', crisis: 'asiakas voi olla vaarassa',
  },
  quoted: (words) => `”${words}”`,
  like: (example) => `kuin ”${example}”`,
  sure: (percent) => `varmuus ${percent}`,
  met: (percent) => `osuvuus ${percent}`,
  nearest: (id) => `lähinnä ${id}`,
  percent: (whole) => `${whole}\u00a0%`,
  notEarlier: (number, why) => `ei aiemmin, koska viestissä ${number} ${why}`,
  lacked: {
    calm: 'sävy oli rauhallinen', pleased: 'sävy oli tyytyväinen', 'no person was wanted': 'asiakas ei halunnut ihmistä',
    'sarcastic before the bot had answered': 'sävy oli ivallinen, mutta botti ei ollut vielä vastannut',
  },
  below: (feeling, percent) => `tunne jäi alle rajan (${feeling}, ${percent})`,
  elsewhere: (feeling) => `tunne ei koskenut meitä (${feeling})`,
  hurry: (percent) => `oli kiire (${percent}), mutta botti ei ollut vielä vastannut`,
  missed: (times) => `, vaikka botti ei ollut ymmärtänyt${times > 1 ? ` (${times} kertaa)` : ''}`,
};

const sv: Grounds = {
  rule: {
    asked: 'kunden bad om en människa',
    'wish for a person': 'kunden bad om en människa',
    crisis: 'kunden kan vara i fara',
    'feeling over its limit': 'känslan gick över gränsen',
    'a grave matter': 'ett allvarligt ärende',
    'several matters at once': 'flera ärenden på en gång',
    'urgent, and nothing fits': 'det är bråttom och inget passande svar hittades',
    'urgent, and the bot has no answer': 'det är bråttom och botten har inget svar',
    'urgent, and the bot has not settled it': 'det är bråttom och botten har inte löst ärendet',
    'the same question again': 'samma fråga igen',
    'that did not help': 'svaret hjälpte inte',
    'the bot has not understood twice': 'botten förstod inte två meddelanden',
    'the bot has not understood, and that is felt': 'botten förstod inte, och det störde kunden',
    'the bot has given the same answer twice': 'botten gav samma svar två gånger',
    'the answers do not meet the question': 'svaren gällde inte det kunden frågade',
    'this bot hands over': 'den här botten lämnar över till en människa',
    'nothing fits': 'inget passande svar hittades',
    'nothing fits well enough': 'inget svar passade tillräckligt bra',
    'nothing fits twice': 'inget passande svar hittades andra gången heller',
    'asks which is meant': 'botten frågade vad som menades',
    'none of those': 'inget av förslagen stämde',
    'are you a bot': 'kunden frågade om det här är en bot',
    'small talk': 'småprat',
    greeting: 'hälsning',
  },
  about: {
    action: (id) => `sökningen ${id}`, article: (title) => `artikeln ”${title}”`, form: (id) => `formuläret ${id}`,
    option: (id) => `knappen ${id}`, rule: (id) => `regeln ${id}`, topic: (id) => `ämnet ${id}`,
  },
  fact: {
    always: 'alltid', filled: 'ifyllt', 'offered again': 'erbjöds igen', 'nothing to say': 'inget att säga',
    'the action is gone': 'sökningen finns inte längre', 'a value is missing': 'en uppgift saknas', 'no case fits': 'inget fall passar resultatet',
    timeout: 'inget svar i tid', unreachable: 'tjänsten svarade inte', refused: 'anropet tilläts inte', too_large: 'det var för mycket data',
  },
  condition: (source) => `villkoret ${source}`,
  status: (code) => `tjänsten svarade med kod ${code}`,
  formGone: (id) => `formuläret ${id} finns inte längre`,
  valueMissing: (key) => `svaret ${key} saknar en uppgift`,
  toCheck: (fields) => `att kontrollera: ${fields}`,
  feels: {
    calm: 'kunden är lugn', pleased: 'kunden är nöjd', frustrated: 'kunden är frustrerad', angry: 'kunden är arg',
    distressed: 'kunden är orolig', urgent: 'kunden har bråttom', crisis: 'kunden kan vara i fara',
  },
  quoted: (words) => `”${words}”`,
  like: (example) => `liknar ”${example}”`,
  sure: (percent) => `${percent} säkert`,
  met: (percent) => `träff ${percent}`,
  nearest: (id) => `närmast ${id}`,
  percent: (whole) => `${whole}\u00a0%`,
  notEarlier: (number, why) => `inte tidigare, för i meddelande ${number} ${why}`,
  lacked: {
    calm: 'var tonen lugn', pleased: 'var tonen nöjd', 'no person was wanted': 'ville kunden inte ha en människa',
    'sarcastic before the bot had answered': 'var tonen ironisk, men botten hade inte svarat än',
  },
  below: (feeling, percent) => `låg känslan under gränsen (${feeling}, ${percent})`,
  elsewhere: (feeling) => `gällde känslan inte oss (${feeling})`,
  hurry: (percent) => `var det bråttom (${percent}), men botten hade inte svarat än`,
  missed: (times) => `, fast botten inte hade förstått${times > 1 ? ` (${times} gånger)` : ''}`,
};

const en: Grounds = {
  rule: {
    asked: 'the customer asked for a person',
    'wish for a person': 'the customer asked for a person',
    crisis: 'the customer may be in danger',
    'feeling over its limit': 'the feeling went over its limit',
    'a grave matter': 'a grave matter',
    'several matters at once': 'several matters at once',
    'urgent, and nothing fits': 'it is urgent, and no fitting answer was found',
    'urgent, and the bot has no answer': 'it is urgent, and the bot has no answer',
    'urgent, and the bot has not settled it': 'it is urgent, and the bot has not settled it',
    'the same question again': 'the same question again',
    'that did not help': 'the answer did not help',
    'the bot has not understood twice': 'the bot did not understand two messages',
    'the bot has not understood, and that is felt': 'the bot did not understand, and it upset the customer',
    'the bot has given the same answer twice': 'the bot gave the same answer twice',
    'the answers do not meet the question': 'the answers did not meet the question',
    'this bot hands over': 'this bot hands matters over to a person',
    'nothing fits': 'no fitting answer was found',
    'nothing fits well enough': 'no answer fitted well enough',
    'nothing fits twice': 'no fitting answer was found the second time either',
    'asks which is meant': 'the bot asked which matter was meant',
    'none of those': 'none of the suggestions was right',
    'are you a bot': 'the customer asked whether this is a bot',
    'small talk': 'small talk',
    greeting: 'a greeting',
  },
  about: {
    action: (id) => `look-up ${id}`, article: (title) => `article “${title}”`, form: (id) => `form ${id}`,
    option: (id) => `button ${id}`, rule: (id) => `rule ${id}`, topic: (id) => `topic ${id}`,
  },
  fact: {
    always: 'always', filled: 'filled in', 'offered again': 'offered again', 'nothing to say': 'nothing to say',
    'the action is gone': 'the look-up is gone', 'a value is missing': 'a value is missing', 'no case fits': 'no case fits the result',
    timeout: 'no answer in time', unreachable: 'the service did not answer', refused: 'the request was not allowed', too_large: 'there was too much data',
  },
  condition: (source) => `condition ${source}`,
  status: (code) => `the service answered with code ${code}`,
  formGone: (id) => `the form ${id} is gone`,
  valueMissing: (key) => `the answer ${key} lacks a value`,
  toCheck: (fields) => `to be checked: ${fields}`,
  feels: {
    calm: 'the customer is calm', pleased: 'the customer is pleased', frustrated: 'the customer is frustrated', angry: 'the customer is angry',
    distressed: 'the customer is worried', urgent: 'the customer is in a hurry', crisis: 'the customer may be in danger',
  },
  quoted: (words) => `“${words}”`,
  like: (example) => `like “${example}”`,
  sure: (percent) => `${percent} sure`,
  met: (percent) => `${percent} match`,
  nearest: (id) => `nearest ${id}`,
  percent: (whole) => `${whole}%`,
  notEarlier: (number, why) => `not earlier, because in message ${number} ${why}`,
  lacked: {
    calm: 'the tone was calm', pleased: 'the tone was pleased', 'no person was wanted': 'the customer did not want a person',
    'sarcastic before the bot had answered': 'the tone was sarcastic, but the bot had not answered yet',
  },
  below: (feeling, percent) => `the feeling was below its limit (${feeling}, ${percent})`,
  elsewhere: (feeling) => `the feeling was not about us (${feeling})`,
  hurry: (percent) => `it was urgent (${percent}), but the bot had not answered yet`,
  missed: (times) => `, though the bot had not understood${times > 1 ? ` (${times} times)` : ''}`,
};

export const grounds = { fi, sv, en } as const;
