// A small scripted world: the conversations of one afternoon, as the desk would tell them to an agent.
import { randomUUID } from 'node:crypto';

const minute = 60_000;

export const people = [
  { id: '0198a000-0000-7000-8000-0000000000a1', name: 'Aino Lahti', role: 'agent', status: 'offline', skills: ['billing', 'fi', 'en'], teams: ['support'], email: 'aino@demo.example' },
  { id: '0198a000-0000-7000-8000-0000000000a2', name: 'Ville Koski', role: 'agent', status: 'online', skills: ['technical', 'fi', 'sv', 'en'], teams: ['support'], email: 'ville@demo.example' },
  { id: '0198a000-0000-7000-8000-0000000000a3', name: 'Sari Niemi', role: 'supervisor', status: 'away', skills: [], teams: ['support', 'billing'], email: 'sari@demo.example' },
];
export const teams = [
  { team: 'support', name: 'Asiakaspalvelu', assignment: 'hand' },
  { team: 'billing', name: 'Laskutus', assignment: 'offer' },
];

const aino = { role: 'agent', id: people[0].id, name: people[0].name };
const ville = { role: 'agent', id: people[1].id, name: people[1].name };

/** A conversation: its log in the agents' numbers, and the snapshot that goes with it. */
export class Talk {
  constructor(now, visitor, snap) {
    this.id = randomUUID();
    this.events = [];
    this.visitor = { id: randomUUID(), name: '', first_seen: new Date(now).toISOString(), ...visitor };
    this.snap = {
      conversation: this.id, state: 'bot', head: 0, language: 'fi', agent: null, position: null, wait: null, read: { visitor: 0, agent: 0 },
      site: 'demo', since: null, reason: null, team: null, skills: [], feeling: 'calm', intensity: 0, fence: 0, offer: null, promise: null,
      visitor: this.visitor, baton: null, about: '', opened_at: new Date(now).toISOString(), closed_at: null, customer_at: null,
      customer_last: false, due: null, last: null, rating: null, priority: '', raised: false, missed: 0, invited: [], contact: null, head_start_s: 0, ...snap,
    };
  }

  add(at, kind, from, fields = {}, key) {
    const event = { type: 'event', conversation: this.id, seq: this.events.length + 1, at: new Date(at).toISOString(), kind, ...(key ? { key } : {}), from, ...fields };
    this.events.push(event);
    const s = this.snap;
    s.head = event.seq;
    const waits = () => Object.assign(s, { state: 'waiting', agent: null, offer: null, since: s.since ?? event.at });
    if (kind === 'message') {
      s.last = { role: from.role, text: fields.text, at: event.at };
      if (from.role === 'visitor') Object.assign(s, { customer_at: event.at, customer_last: true });
      if (from.role === 'agent') s.customer_last = false;
    } else if (kind === 'escalated') {
      waits();
      Object.assign(s, { reason: fields.reason, baton: fields.baton ?? null, team: fields.team ?? 'support', customer_last: true });
    } else if (kind === 'assigned') Object.assign(s, { state: 'agent', agent: fields.agent, fence: event.seq, offer: null, missed: 0, raised: false });
    else if (kind === 'unassigned' || kind === 'transferred') waits();
    else if (kind === 'offered') s.offer = { agent: fields.agent.id, until: fields.until, from: fields.sender ?? null };
    else if (kind === 'declined') Object.assign(s, { offer: null, missed: s.missed + 1 });
    else if (kind === 'raised') s.raised = true;
    else if (kind === 'invited') s.invited = [...s.invited, fields.agent];
    else if (kind === 'left') s.invited = s.invited.filter((one) => one.id !== fields.agent.id);
    else if (kind === 'feeling') s.feeling = fields.feeling;
    else if (kind === 'snoozed') Object.assign(s, { state: 'snoozed', due: { at: fields.until, what: 'wake' } });
    else if (kind === 'closed') Object.assign(s, { state: 'closed', customer_last: false });
    else if (kind === 'returned') Object.assign(s, { state: 'bot', agent: null, reason: null, baton: null, since: null });
    return event;
  }
}

const bot = { role: 'bot', name: 'Botti' };
const system = { role: 'system' };

export function world(now) {
  const ago = (minutes) => now - minutes * minute;
  return [marja(ago), timo(ago), sofia(ago, now), crisis(ago), oskari(ago), linnea(ago), tampere(ago), eero(ago, now)];
}

function marja(ago) {
  const t = new Talk(ago(14), { name: 'Marja Heikkilä', first_seen: '2019-05-03T09:00:00.000Z' }, { about: 'Kaksoisveloitus' });
  const me = { role: 'visitor', id: t.visitor.id, name: t.visitor.name };
  const page = { url: 'https://kahvila.example/ohje/hyvitys', title: 'Ohje: hyvityksen aikataulu', referrer: '' };
  t.add(ago(13.8), 'message', me, { text: 'Moi, yksi veloitus liikaa', page: { url: 'https://kahvila.example/haku', title: 'Haku ”palautus ei tullut”', referrer: '' } });
  t.add(ago(13.8), 'message', bot, { text: 'Hei. Olen botti, en ihminen. Mikä on tilausnumerosi?', form: { id: 'order', fields: [{ name: 'order_number', label: 'Tilausnumero', type: 'text', required: true }, { name: 'email', label: 'Sähköposti', type: 'email', required: true }] } });
  t.add(ago(12.5), 'message', me, { text: '1048213', fields: { order_number: '1048213', email: 'marja@posti.example' }, page: { url: 'https://kahvila.example/tili/maksut', title: 'Oma tili, maksut', referrer: '' } });
  t.add(ago(12.5), 'message', bot, { text: 'Tilaus 1048213 on veloitettu 2.3. kaksi kertaa, 89,00 € kumpikin.', options: [{ id: 'refund_time', label: 'Milloin hyvitys tulee?' }, { id: 'talk_to_person', label: 'Puhu ihmiselle' }] });
  t.add(ago(10), 'message', me, { text: 'Milloin hyvitys tulee?', option: 'refund_time', page });
  t.add(ago(10), 'message', bot, { text: 'Hyvitys näkyy tilillä 3–5 arkipäivässä. Ohje: https://kahvila.example/ohje/hyvitys' });
  const angry = t.add(ago(8), 'message', me, { text: 'ihan sama ohje taas!! ei auttanut', page });
  t.add(ago(8), 'feeling', system, { feeling: 'angry', intensity: 0.8, quote: 'ihan sama ohje taas!!', of: angry.seq });
  t.add(ago(8), 'message', bot, { text: 'Hyvitys näkyy tilillä 3–5 arkipäivässä.' });
  const last = t.add(ago(6), 'message', me, { text: 'Kysyn tätä jo kolmatta kertaa, ja rahat on yhä teillä. no jos joku oikeasti katsoo', page });
  t.add(ago(6), 'feeling', system, { feeling: 'frustrated', intensity: 0.5, quote: 'no jos joku oikeasti katsoo', of: last.seq });
  t.add(ago(6), 'escalated', system, {
    reason: 'stuck', quote: 'Kysyn tätä jo kolmatta kertaa, ja rahat on yhä teillä.', team: 'support',
    baton: {
      reason: 'stuck', quote: 'Kysyn tätä jo kolmatta kertaa, ja rahat on yhä teillä.',
      wants: '89 euroa takaisin ja varmuuden, ettei veloiteta enää uudestaan.',
      tried: ['Tilaus löytyi, veloitus näkyy kahdesti', 'Ohje hyvityksen ajasta: ”ei auttanut”', 'Botti toisti saman vastauksen'],
      fields: { order_number: '1048213', email: 'marja@posti.example', amount: '2 × 89,00 €' },
      feelings: [
        { feeling: 'calm', intensity: 0.1, quote: 'Moi, yksi veloitus liikaa', seq: 1 }, { feeling: 'frustrated', intensity: 0.4, seq: 5 },
        { feeling: 'angry', intensity: 0.8, quote: 'ihan sama ohje taas!!', seq: 7 }, { feeling: 'frustrated', intensity: 0.5, quote: 'no jos joku oikeasti katsoo', seq: 10 },
      ],
      earlier: [{ at: '2026-11-08T10:00:00.000Z', about: 'sama asia', outcome: 'resolved', feeling: 'distressed' }, { at: '2024-11-12T10:00:00.000Z', about: 'takin koko', outcome: 'resolved', feeling: 'pleased' }],
      promises: ['Hyvitys 16.11. mennessä'],
      suggestion: 'Hei Marja. Luin koko keskustelun, ja hyvityksesi on myöhässä meidän takiamme. Hoidan sen nyt.',
    },
  });
  t.add(ago(6), 'promised', system, { text: '', wait: { low_s: 60, high_s: 240 } });
  t.add(ago(4), 'assigned', aino, { agent: { id: aino.id, name: aino.name }, by_hand: true });
  t.add(ago(3.7), 'message', aino, { text: 'Hei Marja. Näen, että 89 euroa on veloitettu kahdesti. Virhe on meidän, olen pahoillani. Palautan toisen veloituksen nyt.' });
  t.add(ago(3), 'note', ville, { text: 'Kassajärjestelmä kahdensi 2.3. muitakin. Lista on minulla.' });
  t.add(ago(1.2), 'message', me, { text: 'Kiitos. Saanko siitä kuitin?', page });
  t.snap.read = { visitor: 14, agent: 15 };
  return t;
}

function timo(ago) {
  const t = new Talk(ago(40), { name: 'Timo Saarela' }, { about: 'Kirjautuminen' });
  const me = { role: 'visitor', id: t.visitor.id, name: t.visitor.name };
  t.add(ago(40), 'message', me, { text: 'En pääse sisään. Haluan puhua ihmiselle.' });
  t.add(ago(40), 'escalated', system, { reason: 'asked', quote: 'Haluan puhua ihmiselle.', team: 'support', baton: { reason: 'asked', quote: 'Haluan puhua ihmiselle.', wants: 'Päästä kirjautumaan sisään.', tried: [], fields: {}, feelings: [{ feeling: 'calm', seq: 1, quote: 'En pääse sisään.' }], earlier: [], promises: [], suggestion: 'Hei Timo. Autan sinut sisään.' } });
  t.add(ago(38), 'assigned', system, { agent: { id: aino.id, name: aino.name } });
  t.add(ago(12), 'message', aino, { text: 'Kokeile nyt kirjautua uudestaan' });
  t.snap.read = { visitor: 4, agent: 4 };
  return t;
}

function sofia(ago, now) {
  const t = new Talk(ago(90), { name: 'Sofia Lund' }, { about: 'Leverans', language: 'sv' });
  const me = { role: 'visitor', id: t.visitor.id, name: t.visitor.name };
  const said = t.add(ago(90), 'message', me, { text: 'Hej, när kommer mitt kaffe? Får jag prata med någon?' });
  t.add(ago(90), 'feeling', system, { feeling: 'pleased', intensity: 0.3, quote: 'Hej', of: said.seq });
  t.add(ago(90), 'escalated', system, { reason: 'rule', quote: 'Får jag prata med någon?', team: 'support', baton: null });
  t.add(ago(88), 'assigned', aino, { agent: { id: aino.id, name: aino.name }, by_hand: true });
  t.add(ago(80), 'message', me, { text: 'Ring mig gärna efter tre' });
  const three = new Date(now);
  three.setDate(three.getDate() + 1);
  three.setHours(15, 0, 0, 0);
  t.add(ago(79), 'snoozed', aino, { until: three.toISOString() });
  t.snap.read = { visitor: 6, agent: 6 };
  return t;
}

function crisis(ago) {
  const t = new Talk(ago(2), {}, {});
  const me = { role: 'visitor', id: t.visitor.id };
  const said = t.add(ago(0.35), 'message', me, { text: 'en jaksa enää, tuntuu ettei millään ole väliä' });
  t.add(ago(0.34), 'feeling', system, { feeling: 'crisis', intensity: 1, quote: 'en jaksa enää', of: said.seq });
  t.add(ago(0.34), 'escalated', system, { reason: 'crisis', quote: 'en jaksa enää', team: 'support', baton: { reason: 'crisis', quote: 'en jaksa enää, tuntuu ettei millään ole väliä', wants: '', tried: ['Kerrottiin hätänumero 112'], fields: {}, feelings: [{ feeling: 'crisis', quote: 'en jaksa enää', seq: 1 }], earlier: [], promises: [], suggestion: 'Hei. Olen tässä ja luin, mitä kirjoitit. Oletko nyt turvassa?' } });
  t.snap.position = 1;
  return t;
}

function waiting(ago, name, language, minutes, reason, feeling, lines, quote, position) {
  const t = new Talk(ago(minutes + 3), { name }, { language });
  const me = { role: 'visitor', id: t.visitor.id, name };
  for (const [i, text] of lines.entries()) {
    const said = t.add(ago(minutes + (lines.length - 1 - i) * 0.4), 'message', me, { text });
    if (i === 0) {
      t.add(ago(minutes + lines.length * 0.4), 'feeling', system, { feeling, intensity: 0.4, quote, of: said.seq });
      t.add(ago(minutes + lines.length * 0.4), 'escalated', system, { reason, quote, team: 'support', baton: { reason, quote, wants: lines[0], tried: ['Botti kysyi tilausnumeroa'], fields: { order_number: '10234' }, feelings: [{ feeling, quote, seq: 1 }], earlier: [], promises: [], suggestion: '' } });
    }
  }
  t.snap.position = position;
  return t;
}

/** A colleague's conversation, with a call that was promised at night and a letter that went out. */
function eero(ago, now) {
  const t = new Talk(ago(300), { name: 'Eero Mäki', first_seen: '2025-02-11T09:00:00.000Z' }, { about: 'Takuu' });
  const me = { role: 'visitor', id: t.visitor.id, name: t.visitor.name };
  const at = new Date(now + 3_600_000);
  at.setMinutes(0, 0, 0);
  const promise = { at: at.toISOString(), until: new Date(at.getTime() + 3_600_000).toISOString(), channel: 'phone' };
  t.add(ago(300), 'message', me, { text: 'Kahvimylly ei käynnisty. Voisiko joku soittaa?' });
  t.add(ago(299), 'escalated', system, { reason: 'asked', quote: 'Voisiko joku soittaa?', team: 'support', baton: { reason: 'asked', quote: 'Voisiko joku soittaa?', wants: 'Mylly kuntoon tai uusi.', tried: [], fields: {}, feelings: [{ feeling: 'calm', seq: 1 }], earlier: [], promises: [], suggestion: '' } });
  t.add(ago(299), 'promised', system, { text: 'Juuri nyt paikalla ei ole ketään. Ihmiset palaavat huomenna klo 8.', options: [{ id: 'call_back', label: 'Soittakaa minulle' }, { id: 'leave_message', label: 'Jätä viesti' }] });
  t.add(ago(298), 'snoozed', system, { until: promise.at, promise });
  t.add(ago(20), 'woken', system, { state: 'waiting' });
  t.snap.state = 'waiting';
  t.add(ago(19), 'assigned', system, { agent: { id: ville.id, name: ville.name } });
  t.add(ago(15), 'message', ville, { text: 'Hei Eero. Soitan sinulle kohta, katson ensin takuun.' });
  t.add(ago(14), 'mailed', system, {});
  Object.assign(t.snap, { promise, contact: { email: 'eero@posti.example', phone: '040 123 4567' } });
  return t;
}

const oskari = (ago) => waiting(ago, 'Oskari Nieminen', 'fi', 6, 'asked', 'frustrated', ['Haluan ihmisen, kiitos', 'haloo', 'onko siellä ketään, tilaus on hukassa'], 'Haluan ihmisen', 2);
const linnea = (ago) => {
  const t = waiting(ago, 'Linnea Holm', 'sv', 3, 'complex', 'distressed', ['Jag har fått två fakturor på samma sak'], 'två fakturor', 3);
  Object.assign(t.snap, { skills: ['sv', 'billing'], head_start_s: 600, priority: 'high' });
  return t;
};
const tampere = (ago) => waiting(ago, '', 'en', 0.6, 'stuck', 'calm', ['Can I change the address after ordering?'], 'change the address', 4);

export const visits = [
  ['2026-11-21T14:21:00.000Z', 'Kaksoisveloitus', 'open', 'frustrated', '', null],
  ['2026-11-08T10:00:00.000Z', 'Hyvitys viipyy', 'resolved', 'distressed', 'Toivottavasti se nyt tulee.', 'Ville Koski'],
  ['2026-10-22T10:00:00.000Z', 'Palautuksen ohje', 'bot', 'calm', '', null],
  ['2024-11-12T10:00:00.000Z', 'Takin koko', 'resolved', 'pleased', 'Kiitos paljon, mukavaa viikonloppua', 'Aino Lahti'],
  ['2019-05-03T09:00:00.000Z', 'Ensimmäinen tilaus', 'bot', 'calm', '', null],
].map(([opened_at, about, outcome, feeling, quote, agent], i) => ({
  conversation: randomUUID(), state: outcome === 'open' ? 'agent' : 'closed', opened_at, closed_at: null, about, outcome, feeling, quote,
  agent: agent ? { id: 'x', name: agent } : null, rating: i === 3 ? { survey: 'csat', score: 5 } : null,
}));
