// A desk for the development of the console: the built files under the strict policy, the REST that the console uses,
// and the agents' socket over the scripted world. No part of the product.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { people, Talk, teams, visits, world } from './world.mjs';

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const types = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };
const password = 'kohta-demo';

/** Starts a desk on a free port of the loopback address. `say` puts on a scene; `close` ends it. */
export async function desk({ port = 0 } = {}) {
  const talks = new Map(world(Date.now()).map((t) => [t.id, t]));
  const sockets = new Set();
  const sessions = new Map();
  let version = 1;
  let down = false;
  const said = [];

  const waiting = () => [...talks.values()].filter((t) => t.snap.state === 'waiting').sort((a, b) => (a.snap.position ?? 99) - (b.snap.position ?? 99));
  const mine = (me) => [...talks.values()].filter((t) => t.snap.agent?.id === me.id && (t.snap.state === 'agent' || t.snap.state === 'snoozed'));
  const invitedTo = (me) => [...talks.values()].filter((t) => t.snap.state !== 'closed' && t.snap.invited.some((one) => one.id === me.id));
  const sees = (socket, t) => t.snap.agent?.id === socket.me.id || socket.watched.has(t.id) || t.snap.invited.some((one) => one.id === socket.me.id);
  const send = (socket, frame) => socket.ws.readyState === 1 && socket.ws.send(JSON.stringify(frame));
  const cast = (t, event, owners = []) => {
    for (const socket of sockets) if (sees(socket, t) || owners.includes(socket.me.id)) send(socket, event);
  };
  const line = (added, removed, total = waiting().length) => {
    version++;
    for (const socket of sockets) send(socket, { type: 'signal', kind: 'line', added: added.map((t) => t.snap), removed, version, total });
  };
  const past = (socket, id, after) => {
    const t = talks.get(id);
    if (!t) return send(socket, { type: 'error', conversation: id, code: 'not_found', message: 'not found' });
    for (const e of t.events.slice(after)) send(socket, e);
    send(socket, { type: 'synced', conversation: id, head: t.events.length });
  };

  const keys = new Map();
  const nameOf = (id) => people.find((p) => p.id === id)?.name ?? '';
  const write = (socket, f) => {
    const t = f.type === 'take' && f.conversation === null ? waiting()[0] : talks.get(f.conversation);
    const refuse = (code) => send(socket, { type: 'error', key: f.key, conversation: f.conversation, code, message: code });
    if (keys.has(f.key)) return send(socket, keys.get(f.key));
    if (!t) return refuse('not_found');
    const me = { role: 'agent', id: socket.me.id, name: socket.me.name };
    const own = t.snap.agent?.id === me.id && (t.snap.state === 'agent' || t.snap.state === 'snoozed');
    if (f.fence && f.fence !== t.snap.fence) {
      refuse('conflict');
      return past(socket, t.id, f.fence);
    }
    const before = t.snap.agent ? [t.snap.agent.id] : [];
    const waited = t.snap.state === 'waiting';
    const now = Date.now();
    const add = (kind, fields = {}) => cast(t, t.add(now, kind, me, fields, f.key), before);
    const seq = t.events.length + 1;
    if (f.type === 'take' || f.type === 'accept') {
      if (t.snap.state === 'closed') return refuse('conflict');
      if (t.snap.state === 'agent' && !own) add('unassigned', { reason: 'taken_over', agent: t.snap.agent });
      t.snap.agent = { id: me.id, name: me.name };
      add('assigned', { agent: { id: me.id, name: me.name }, by_hand: f.type === 'take' });
    } else if (f.type === 'note') {
      add('note', { text: f.text });
    } else if (f.type === 'decline') {
      add('declined', { agent: { id: me.id, name: me.name }, ...(f.reason ? { reason: f.reason } : {}) });
    } else if (f.type === 'leave') {
      before.push(me.id);
      add('left', { agent: { id: me.id, name: me.name } });
    } else if (!own) {
      return refuse(t.snap.state === 'closed' ? 'closed' : 'conflict');
    } else if (f.type === 'post') {
      add('message', { text: f.text });
      setTimeout(() => cast(t, { type: 'signal', kind: 'read', conversation: t.id, by: 'visitor', seq }), 700);
    } else if (f.type === 'resolve') add('closed', { by: 'agent' });
    else if (f.type === 'snooze') add('snoozed', { until: f.until });
    else if (f.type === 'release') add('unassigned', { reason: 'released', agent: t.snap.agent });
    else if (f.type === 'to_bot') add('returned');
    else if (f.type === 'invite') add('invited', { agent: { id: f.agent, name: nameOf(f.agent) }, ...(f.note ? { note: f.note } : {}) });
    else if (f.type === 'transfer') {
      add('transferred', { team: f.team ?? t.snap.team, ...(f.agent ? { agent: { id: f.agent, name: nameOf(f.agent) } } : {}), ...(f.note ? { note: f.note } : {}) });
      if (f.agent) cast(t, t.add(now, 'offered', { role: 'system' }, { agent: { id: f.agent, name: nameOf(f.agent) }, until: new Date(now + 30_000).toISOString(), sender: me.id }), before);
    }
    const ack = { type: 'ack', key: f.key, conversation: t.id, seq };
    keys.set(f.key, ack);
    send(socket, ack);
    if (waited && t.snap.state !== 'waiting') line([], [t.id]);
    if (!waited && t.snap.state === 'waiting') line([t], []);
  };

  const hear = (socket, f) => {
    switch (f.type) {
      case 'hello':
        send(socket, { type: 'welcome', agent: socket.me, heartbeat_s: 20, conversations: [...mine(socket.me), ...invitedTo(socket.me)].map((t) => t.snap), line: { waiting: waiting().map((t) => t.snap), total: waiting().length, version } });
        for (const [id, after] of Object.entries(f.since ?? {})) past(socket, id, after);
        return;
      case 'watch':
        socket.watched.add(f.conversation);
        return past(socket, f.conversation, f.after);
      case 'unwatch': return void socket.watched.delete(f.conversation);
      case 'sync': return past(socket, f.conversation, f.after);
      case 'ping': return send(socket, { type: 'heartbeat', heads: {}, line: { total: waiting().length, version } });
      case 'presence':
        said.push(f);
        return;
      case 'typing':
      case 'read': return;
      default: return write(socket, f);
    }
  };

  const answer = (response, status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', 'cache-control': 'no-store', ...headers });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
  const meOf = (request) => sessions.get(/kohta_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  const profile = (p) => ({ id: p.id, name: p.name, role: p.role });
  const api = async (request, response, path) => {
    const me = meOf(request);
    if (path === 'session' && request.method === 'POST') {
      let text = '';
      for await (const part of request) text += part;
      const { email, password: given } = JSON.parse(text);
      const who = people.find((p) => p.email === email);
      if (email === 'liikaa@demo.example') return answer(response, 429, { code: 'rate_limited' }, { 'retry-after': '25' });
      if (!who || given !== password) return answer(response, 401, { code: 'unauthorized' });
      const token = crypto.randomUUID();
      sessions.set(token, who);
      return answer(response, 200, { agent: profile(who) }, { 'set-cookie': `kohta_session=${token}; HttpOnly; SameSite=Lax; Path=/` });
    }
    if (!me) return answer(response, 401, { code: 'unauthorized' });
    if (path === 'session' && request.method === 'DELETE') {
      sessions.clear();
      return answer(response, 200, {}, { 'set-cookie': 'kohta_session=; Max-Age=0; Path=/' });
    }
    if (path === 'session') return answer(response, 200, { agent: profile(me) });
    if (path === 'teams') return answer(response, 200, { items: teams, next: null });
    if (path === 'agents') return answer(response, 200, { items: people, next: null });
    if (path.startsWith('visitors/')) {
      const t = [...talks.values()].find((one) => path.includes(one.visitor.id));
      return answer(response, 200, { items: t?.visitor.name === 'Marja Heikkilä' ? visits.map((v, i) => (i === 0 ? { ...v, conversation: t.id } : v)) : [], next: null });
    }
    return answer(response, 404, { code: 'not_found' });
  };

  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    if (path.startsWith('/api/v1/')) return api(request, response, path.slice(8));
    if (path === '/') return void response.writeHead(302, { location: '/console/' }).end();
    const file = path === '/console/' ? 'index.html' : path.slice('/console/'.length);
    try {
      if (!/^[\w.-]+$/.test(file)) throw new Error('no such file');
      const body = await readFile(new URL(`../dist/${file}`, import.meta.url));
      response.writeHead(200, { 'content-type': types[file.split('.').at(-1)] ?? 'application/octet-stream', 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  const wss = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, raw, head) => {
    const me = meOf(request);
    if (down || !me) return void raw.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    wss.handleUpgrade(request, raw, head, (ws) => {
      const socket = { ws, me: profile(me), watched: new Set() };
      sockets.add(socket);
      ws.on('message', (data) => hear(socket, JSON.parse(String(data))));
      ws.on('close', () => sockets.delete(socket));
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const beat = setInterval(() => { for (const s of sockets) send(s, { type: 'heartbeat', heads: {}, line: { total: waiting().length, version } }); }, 20_000);

  const find = (name) => [...talks.values()].find((t) => t.visitor.name === name);
  const says = (t, text) => cast(t, t.add(Date.now(), 'message', { role: 'visitor', id: t.visitor.id, name: t.visitor.name }, { text }));
  return {
    url: `http://127.0.0.1:${server.address().port}/console/`,
    talks,
    find,
    says: (name, text) => says(find(name), text),
    types: (name) => { const t = find(name); cast(t, { type: 'signal', kind: 'typing', conversation: t.id, from: { role: 'visitor', name } }); },
    /** Another agent takes it. */
    takenBy: (name, who = people[1]) => {
      const t = find(name);
      const before = t.snap.agent ? [t.snap.agent.id] : [];
      const from = { role: 'agent', id: who.id, name: who.name };
      if (t.snap.state === 'agent') cast(t, t.add(Date.now(), 'unassigned', from, { reason: 'taken_over', agent: t.snap.agent }), before);
      cast(t, t.add(Date.now(), 'assigned', from, { agent: { id: who.id, name: who.name }, by_hand: true }), before);
    },
    offer: (seconds = 30) => {
      const now = Date.now();
      const t = new Talk(now, { name: 'Pekka Aalto' }, {});
      t.add(now - 60_000, 'message', { role: 'visitor', id: t.visitor.id, name: 'Pekka Aalto' }, { text: 'Laskussa on väärä summa' });
      t.add(now - 50_000, 'escalated', { role: 'system' }, { reason: 'rule', quote: 'Laskussa on väärä summa', team: 'billing', baton: { reason: 'rule', quote: 'Laskussa on väärä summa', wants: 'Oikean laskun', tried: [], fields: {}, feelings: [], earlier: [], promises: [], suggestion: 'Hei Pekka. Katson laskun heti.' } });
      const until = new Date(now + seconds * 1000).toISOString();
      talks.set(t.id, t);
      for (const socket of sockets) send(socket, { type: 'signal', kind: 'offer', snapshot: { ...t.snap, offer: { agent: socket.me.id, until } }, until });
    },
    /** The statuses that agents have said. */
    said,
    /** The desk itself makes every agent away, or gives a breather. */
    stands: (status, more = {}) => { for (const socket of sockets) send(socket, { type: 'signal', kind: 'presence', agent: { id: socket.me.id, name: socket.me.name }, status, ...more }); },
    /** The colleague to whom it was passed on does not take it. */
    refuses: (name, reason, who = people[1]) => {
      const t = find(name);
      const back = t.snap.offer.from;
      cast(t, t.add(Date.now(), 'declined', { role: 'agent', id: who.id, name: who.name }, { agent: { id: who.id, name: who.name }, ...(reason ? { reason } : {}) }), [back]);
      cast(t, t.add(Date.now(), 'assigned', { role: 'system' }, { agent: { id: back, name: nameOf(back) }, by_hand: true, reason: 'refused' }), [back]);
      line([], [t.id]);
    },
    /** Its agent is gone: it goes back to the line, and a colleague takes it and answers. */
    loses: (name, who = people[1]) => {
      const t = find(name);
      const from = { role: 'agent', id: who.id, name: who.name };
      const now = Date.now();
      t.add(now - 90_000, 'unassigned', { role: 'system' }, { reason: 'agent_lost', agent: t.snap.agent });
      t.add(now - 60_000, 'assigned', from, { agent: { id: who.id, name: who.name }, by_hand: true });
      t.add(now - 20_000, 'message', from, { text: 'Hei Marja, Ville tässä. Kuitti on sähköpostissasi.' });
    },
    /** A colleague calls every agent here in. */
    calls: (name, note, who = people[1]) => {
      const t = find(name);
      for (const socket of sockets) {
        cast(t, t.add(Date.now(), 'invited', { role: 'agent', id: who.id, name: who.name }, { agent: { id: socket.me.id, name: socket.me.name }, note }), [socket.me.id]);
        send(socket, { type: 'signal', kind: 'invite', snapshot: t.snap, from: { id: who.id, name: who.name }, note });
      }
    },
    alert: (what, name, agent = null) => { for (const socket of sockets) send(socket, { type: 'signal', kind: 'alert', what, conversation: find(name).id, agent }); },
    raises: (name) => {
      const t = find(name);
      Object.assign(t.snap, { missed: 5 });
      cast(t, t.add(Date.now(), 'raised', { role: 'system' }));
      line([t], []);
    },
    nudges: (name, reason = 'agent') => { const t = find(name); cast(t, t.add(Date.now(), 'nudged', { role: 'system' }, { agent: t.snap.agent, reason })); },
    line,
    cut: (stay = false) => {
      down = stay;
      for (const socket of sockets) socket.ws.close(1012);
    },
    up: () => { down = false; },
    signOutAll: () => sessions.clear(),
    close: async () => {
      clearInterval(beat);
      for (const socket of sockets) socket.ws.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
