// A small desk for looking at the widget: serves the build with the desk's headers, and plays both the bot and a
// person. `npm run dev -w widget`, then open the printed address. What one writes decides what happens:
// “paketti” a form, “ihminen” a person, “en jaksa” a crisis, “yö” a person when nobody is there, anything else an answer
// with buttons. A letter's link leads to /chat/?site=demo#good; any other token has expired.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { WebSocketServer } from 'ws';

const dist = new URL('../dist/', import.meta.url);
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', html: 'text/html; charset=utf-8' };
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'";
const host = (lang) => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Kahvila Kohta</title></head>
<body><h1>Kahvila Kohta</h1><p><a href="/?lang=${lang}&sivu=2">2</a></p><script src="/widget.js" data-site="demo" async></script></body></html>`;

const WORDS = {
  fi: {
    hello: ['Hei. Olen botti, en ihminen. Autan tilauksissa, palautuksissa ja laskuissa.', 'Jos en osaa, haen ihmisen. Mitä asiasi koskee?'],
    options: ['Missä tilaukseni on?', 'Haluan palauttaa', 'Lasku tai maksu', 'Muu asia'], form: 'Katson heti. Tarvitsen vain kaksi tietoa.',
    number: 'Tilausnumero', email: 'Sähköposti', wrong: 'Tästä puuttuu kaksi numeroa. Esimerkki: 1048213.', found: 'Tilauksesi lähti eilen. Se on perillä huomenna.',
    fetch: 'Haen ihmisen, koska pyysit.', crisis: 'Kiitos, että kirjoitit tämän. Pyydän ihmistä tähän ennen kaikkia muita. Jos olet vaarassa, soita 112.',
    hi: 'Hei Marja. Näen, että 89 euroa on veloitettu kahdesti. Virhe on meidän, olen pahoillani.', then: 'Palautan toisen veloituksen nyt.', done: 'Kuitti on sähköpostissasi: https://kahvila.example/kuitti',
    nobody: 'Juuri nyt paikalla ei ole ketään. Ihmiset palaavat huomenna klo 8.', longer: 'Odotus venyy arviota pidemmäksi, anteeksi siitä. Uusi arvio: 5–10 minuuttia.', when: 'Milloin sopii?', number2: 'Mihin numeroon soitamme?', write: 'Kirjoita viestisi. Vastaamme sähköpostiin.',
    willCall: 'Soitamme huomenna klo 8–9. Voit perua soiton tästä.', wait: 'Odotan', callBack: 'Soittakaa minulle', leave: 'Jätän viestin', cancel: 'Peru soitto', slot: (h) => `Huomenna klo ${h}–${h + 1}`, phone: 'Puhelinnumero', text: 'Mitä haluat kertoa?', cancelled: 'Soitto on peruttu. Odotat taas vuoroasi.', thanks: 'Kiitos. Vastaamme sähköpostiisi huomenna.', silent: 'Autoimmeko sinua tässä? Kirjoita, jos jokin jäi auki.',
  },
  sv: {
    hello: ['Hej. Jag är en chattbot, ingen människa. Jag hjälper med beställningar, returer och fakturor.', 'Kan jag inte, hämtar jag en människa. Vad gäller det?'],
    options: ['Var är min beställning?', 'Jag vill returnera', 'Faktura eller betalning', 'Något annat'], form: 'Jag tittar genast. Jag behöver bara två uppgifter.',
    number: 'Beställningsnummer', email: 'E-post', wrong: 'Två siffror fattas. Exempel: 1048213.', found: 'Din beställning gick i går. Den är framme i morgon.',
    fetch: 'Jag hämtar en människa, för du bad om det.', crisis: 'Tack för att du skrev det här. Jag ber en människa komma hit före alla andra. Är du i fara, ring 112.',
    hi: 'Hej Marja. Jag ser att 89 euro har dragits två gånger. Felet är vårt, jag är ledsen.', then: 'Jag betalar tillbaka den ena nu.', done: 'Kvittot finns i din e-post: https://kahvila.example/kvitto',
    nobody: 'Just nu är ingen här. Vi är tillbaka i morgon kl. 8.', longer: 'Det dröjer längre än vi sade, förlåt för det. Ny bedömning: 5–10 minuter.', when: 'När passar det?', number2: 'Vilket nummer ringer vi?', write: 'Skriv ditt meddelande. Vi svarar per e-post.',
    willCall: 'Vi ringer i morgon kl. 8–9. Du kan avboka här.', wait: 'Jag väntar', callBack: 'Ring mig', leave: 'Jag lämnar ett meddelande', cancel: 'Avboka samtalet', slot: (h) => `I morgon kl. ${h}–${h + 1}`, phone: 'Telefonnummer', text: 'Vad vill du berätta?', cancelled: 'Samtalet är avbokat. Du väntar på din tur igen.', thanks: 'Tack. Vi svarar per e-post i morgon.', silent: 'Fick du hjälp? Skriv om något är oklart.',
  },
  en: {
    hello: ["Hello. I'm a bot, not a person. I help with orders, returns and invoices.", "If I can't, I fetch a person. What is it about?"],
    options: ['Where is my order?', 'I want to return something', 'Invoice or payment', 'Something else'], form: "I'll look at once. I only need two things.",
    number: 'Order number', email: 'Email', wrong: 'Two digits are missing. Example: 1048213.', found: 'Your order left yesterday. It arrives tomorrow.',
    fetch: "I'm fetching a person because you asked.", crisis: "Thank you for writing this. I'm asking for a person, ahead of everybody else. If you're in danger, call 112.",
    hi: 'Hello Marja. I see that 89 euros were charged twice. The fault is ours, I am sorry.', then: "I'm returning one of the charges now.", done: 'The receipt is in your email: https://kahvila.example/receipt',
    nobody: 'Nobody is here just now. People are back tomorrow at 8.', longer: 'This takes longer than we said, sorry for that. New estimate: 5–10 minutes.', when: 'When would suit you?', number2: 'Which number shall we call?', write: 'Write your message. We answer by email.',
    willCall: "We'll call tomorrow between 8 and 9. You can cancel here.", wait: "I'll wait", callBack: 'Call me back', leave: 'Leave a message', cancel: 'Cancel the call', slot: (h) => `Tomorrow between ${h} and ${h + 1}`, phone: 'Phone number', text: 'What would you like to tell us?', cancelled: 'The call is cancelled. You are waiting again.', thanks: 'Thank you. We answer by email tomorrow.', silent: 'Did that help? Write if anything is open.',
  },
};
const AINO = { id: randomUUID(), name: 'Aino Lahti' };

const tomorrow = (hour) => {
  const day = new Date();
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, hour).toISOString();
};

export class Desk {
  visitors = new Map();          // token → { visitor, talks, sockets, keys, language }
  pace = 1;                      // 0: at once, for pictures

  constructor() {
    this.server = createServer((req, res) => this.serve(req, res));
    this.sockets = new WebSocketServer({ server: this.server, path: '/ws/visitor', handleProtocols: () => 'kohta.v1' });
    this.sockets.on('connection', (ws) => this.meet(ws));
  }

  async listen(port = 0) {
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  serve(req, res) {
    const url = new URL(req.url, 'http://desk.test');
    if (url.pathname === '/') return res.writeHead(200, { 'content-type': types.html }).end(host(url.searchParams.get('lang') ?? 'fi'));
    if (url.pathname === '/favicon.ico') return res.writeHead(204).end();
    if (url.pathname === '/api/v1/links/stop') return res.writeHead(204).end();
    const file = /^\/(widget|chat)\/$/.test(url.pathname) ? 'index.html' : url.pathname.replace(/^\/(widget\/|chat\/)?/, '');
    try {
      const body = readFileSync(new URL(file, dist));
      res.writeHead(200, { 'content-type': types[file.split('.').pop()] ?? 'text/plain', 'content-security-policy': csp, 'x-content-type-options': 'nosniff' }).end(body);
    } catch {
      res.writeHead(404).end();
    }
  }

  meet(ws) {
    let me = null;
    ws.on('message', (data) => {
      const f = JSON.parse(String(data));
      if (f.type === 'hello') { me = this.welcome(ws, f); return; }
      if (me) this.take(me, ws, f);
    });
    ws.on('close', () => me?.sockets.delete(ws));
  }

  welcome(ws, f) {
    if (f.link && f.link !== 'good') return void ws.close(3501);
    const token = f.link ?? (this.visitors.has(f.token) ? f.token : randomUUID());
    const me = this.visitors.get(token) ?? { visitor: randomUUID(), talks: new Map(), sockets: new Set(), keys: new Map() };
    me.language = f.language ?? 'fi';
    me.sockets.add(ws);
    this.visitors.set(token, me);
    const conversations = [...me.talks.values()].map((t) => ({ ...t.snapshot, head: t.log.length }));
    ws.send(JSON.stringify({ type: 'welcome', visitor: me.visitor, token, heartbeat_s: 20, conversations }));
    for (const [id, after] of Object.entries(f.since ?? {})) this.past(me, ws, id, after);
    return me;
  }

  past(me, ws, id, after) {
    const log = me.talks.get(id)?.log ?? [];
    for (const e of log.slice(after)) ws.send(JSON.stringify(e));
    ws.send(JSON.stringify({ type: 'synced', conversation: id, head: log.length }));
  }

  take(me, ws, f) {
    if (f.type === 'sync') return this.past(me, ws, f.conversation, f.after);
    if (f.type === 'ping') return ws.send(JSON.stringify({ type: 'heartbeat', heads: Object.fromEntries([...me.talks].map(([id, t]) => [id, t.log.length])) }));
    if (!f.key) return undefined;
    if (!me.keys.has(f.key)) me.keys.set(f.key, this.write(me, f));
    return ws.send(JSON.stringify(me.keys.get(f.key)));
  }

  write(me, f) {
    const open = [...me.talks.values()].find((t) => t.snapshot.state !== 'closed');
    const talk = me.talks.get(f.conversation) ?? open ?? this.begin(me);
    const from = { role: 'visitor' };
    const asked = talk.log[f.seq - 1];
    const mine = (kind, fields) => this.event(me, talk, kind, { ...fields, key: f.key, from });
    let e;
    if (f.type === 'post') e = mine('message', { text: f.text });
    if (f.type === 'choose') e = mine('message', { text: asked.options.find((o) => o.id === f.option).label, option: f.option, answers: f.seq });
    if (f.type === 'submit') e = mine('message', { text: asked.form.fields.map((q) => `${q.label}: ${f.fields[q.name]}`).join('\n'), fields: f.fields, answers: f.seq });
    if (f.type === 'rate') e = mine('rated', { survey: f.survey, score: f.score, comment: f.comment });
    if (f.type === 'end') e = this.close(me, talk, 'visitor', f.key);
    if (f.type === 'ask_human') e = this.escalate(me, talk, 'asked', f.key);
    else if (asked?.kind === 'promised') this.house(me, talk, f);
    else if (f.type !== 'rate' && f.type !== 'end') this.answer(me, talk, f);
    return { type: 'ack', key: f.key, conversation: talk.snapshot.conversation, seq: e.seq };
  }

  begin(me) {
    const talk = { snapshot: { conversation: randomUUID(), state: 'bot', language: me.language, agent: null, position: null, wait: null, read: {} }, log: [] };
    me.talks.set(talk.snapshot.conversation, talk);
    return talk;
  }

  event(me, talk, kind, fields, at = new Date()) {
    const e = { type: 'event', conversation: talk.snapshot.conversation, seq: talk.log.length + 1, at: at.toISOString(), kind, from: { role: 'bot', name: 'Kahvilan botti' }, ...fields };
    talk.log.push(e);
    this.tell(me, e);
    return e;
  }

  tell(me, frame) {
    for (const ws of me.sockets) ws.send(JSON.stringify(frame));
  }

  answer(me, talk, f) {
    const w = WORDS[me.language];
    const text = f.text ?? '';
    if (talk.snapshot.state !== 'bot') return;
    if (/yö|natt|night/i.test(text)) this.night(me, talk);
    else if (/ihmi|människ|person|human/i.test(text)) this.escalate(me, talk, 'asked');
    else if (/en jaksa|orkar inte|go on/i.test(text)) this.escalate(me, talk, 'crisis');
    else if (f.type === 'submit' && !/^\d{7}$/.test(f.fields.order)) this.ask(me, talk, f.fields, w.wrong);
    else if (f.type === 'submit') this.event(me, talk, 'message', { text: w.found });
    else if (/paketti|paket|parcel/i.test(text) || f.option === 'o0') this.ask(me, talk, {});
    else {
      this.event(me, talk, 'message', { text: w.hello[0] });
      this.event(me, talk, 'message', { text: w.hello[1], options: w.options.map((label, i) => ({ id: `o${i}`, label })) });
    }
  }

  ask(me, talk, values, wrong) {
    const w = WORDS[me.language];
    this.event(me, talk, 'message', { text: w.form, form: { id: 'order', fields: [
      { name: 'order', label: w.number, type: 'number', required: true, value: values.order, wrong },
      { name: 'email', label: w.email, type: 'email', required: true, value: values.email },
    ] } });
  }

  /** What the house says to who waits or was put off. */
  promise(me, talk, text, more = {}) {
    return this.event(me, talk, 'promised', { text, from: { role: 'system' }, ...more });
  }

  choices(me) {
    const w = WORDS[me.language];
    return [{ id: 'leave_message', label: w.leave }, { id: 'call_back', label: w.callBack }, { id: 'wait', label: w.wait }];
  }

  night(me, talk) {
    const w = WORDS[me.language];
    this.escalate(me, talk, 'asked', undefined, null);
    this.promise(me, talk, w.nobody, { options: this.choices(me), opens_at: tomorrow(8) });
  }

  /** The told range has passed. */
  longer(me, talk) {
    const wait = { low_s: 300, high_s: 600 };
    talk.snapshot.wait = wait;
    this.promise(me, talk, WORDS[me.language].longer, { options: this.choices(me), wait });
    this.tell(me, { type: 'signal', kind: 'line', conversation: talk.snapshot.conversation, position: 1, wait });
  }

  /** The customer chose, or filled in a form of the house. */
  house(me, talk, f) {
    const w = WORDS[me.language];
    const wait = [{ id: 'wait', label: w.wait }];
    const [what, at] = (f.option ?? talk.log[f.seq - 1].form.id).split('.');
    if (what === 'call_back' && f.option) this.promise(me, talk, w.when, { options: [8, 9, 10].map((h) => ({ id: `at.${Date.parse(tomorrow(h)) / 1000}`, label: w.slot(h) })) });
    if (what === 'at') this.promise(me, talk, w.number2, { form: { id: `call_back.${at}`, fields: [{ name: 'phone', label: w.phone, type: 'phone', required: true }] }, options: wait });
    if (what === 'leave_message' && f.option) {
      this.promise(me, talk, w.write, { form: { id: 'leave_message', fields: [{ name: 'email', label: w.email, type: 'email', required: true }, { name: 'message', label: w.text, type: 'message', required: true }] }, options: wait });
    }
    if (what === 'leave_message' && f.fields) this.putOff(me, talk, { at: tomorrow(8), channel: 'email' }, w.thanks);
    if (what === 'call_back' && f.fields) this.putOff(me, talk, { at: tomorrow(8), until: tomorrow(9), channel: 'phone' }, w.willCall, [{ id: 'cancel_call', label: w.cancel }]);
    if (what !== 'cancel_call') return;
    talk.snapshot.state = 'waiting';
    this.event(me, talk, 'woken', { state: 'waiting', from: { role: 'system' } });
    this.promise(me, talk, w.cancelled);
  }

  putOff(me, talk, promise, text, options) {
    talk.snapshot.state = 'snoozed';
    this.event(me, talk, 'snoozed', { until: promise.at, promise, from: { role: 'system' } });
    this.promise(me, talk, text, { options });
  }

  escalate(me, talk, reason, key, wait = { low_s: 120, high_s: 240 }) {
    const w = WORDS[me.language];
    talk.snapshot.state = 'waiting';
    this.event(me, talk, 'message', { text: reason === 'crisis' ? w.crisis : w.fetch });
    const e = this.event(me, talk, 'escalated', { reason, key, from: { role: key ? 'visitor' : 'system' } });
    if (!wait) return e;
    Object.assign(talk.snapshot, { position: 2, wait });
    this.tell(me, { type: 'signal', kind: 'line', conversation: talk.snapshot.conversation, position: 2, wait });
    if (this.pace) setTimeout(() => this.person(me, talk), 4000 * this.pace);
    return e;
  }

  person(me, talk, words = WORDS[me.language]) {
    if (talk.snapshot.state !== 'waiting') return;
    Object.assign(talk.snapshot, { state: 'agent', agent: AINO, position: null, wait: null });
    const from = { role: 'agent', ...AINO };
    this.event(me, talk, 'assigned', { agent: AINO, from: { role: 'system' } });
    this.tell(me, { type: 'signal', kind: 'read', conversation: talk.snapshot.conversation, by: 'agent', seq: talk.log.length });
    this.tell(me, { type: 'signal', kind: 'typing', conversation: talk.snapshot.conversation, from });
    setTimeout(() => {
      this.event(me, talk, 'message', { text: words.hi, from });
      this.event(me, talk, 'message', { text: words.then, from });
    }, 1500 * this.pace);
  }

  close(me, talk, by, key) {
    talk.snapshot.state = 'closed';
    return this.event(me, talk, 'closed', { by, key, from: by === 'visitor' ? { role: 'visitor' } : { role: 'agent', ...AINO } });
  }

  /** For pictures: the only visitor and the newest conversation. */
  get one() {
    const me = [...this.visitors.values()].at(-1);
    return { me, talk: [...me.talks.values()].at(-1) };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await new Desk().listen(Number(process.env.PORT ?? 5173)));
}
