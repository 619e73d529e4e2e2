import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryToken } from '../src/index.ts';
import { FakeDesk } from './fake.ts';
import { C, run, seqs, visitor } from './visitor.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('hello', () => {
  test('is the first frame, and the token of the welcome is kept', async () => {
    const desk = new FakeDesk();
    const { client, tokens } = visitor(desk);
    client.page({ url: 'https://shop.test/a', title: 'Kahvi', referrer: '' });
    void client.start();
    await run(10);
    expect(desk.socket.received[0]).toEqual({
      type: 'hello', site: 'demo', token: null, language: 'fi', since: {}, page: { url: 'https://shop.test/a', title: 'Kahvi', referrer: '' },
    });
    expect(desk.socket.of('page')).toEqual([]);
    expect(tokens.get()).toBe('t-1');
    expect(client.state.name).toBe('connected');
    expect(client.me).toBe('v-1');
  });

  test('is never larger than the desk takes: the page waits, then the oldest positions go', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    for (let i = 0; i < 60; i++) desk.event(`00000000-0000-7000-8000-${String(i).padStart(12, '0')}`, 'message', { text: 'x' }, true);
    void client.start();
    await run(50);
    client.page({ url: 'https://shop.test/' + 'ä'.repeat(900), title: '"'.repeat(2000), referrer: 'r'.repeat(2000) });
    desk.socket.end(1012);
    await run(2000);
    const hello = desk.socket.of('hello')[0]!;
    expect(Buffer.byteLength(JSON.stringify(hello))).toBeLessThanOrEqual(4096);
    const since = Object.keys(hello.since ?? {});
    expect(since).toHaveLength(50);
    expect(since.at(-1)).toMatch(/59$/);
    const page = desk.socket.of('page')[0]!.page;
    expect(Buffer.byteLength(page.url)).toBeLessThanOrEqual(1000);
    expect(page.referrer).toHaveLength(1000);
  });
});

describe('coming back', () => {
  const cases: [number, number, number][] = [
    // code, attempt in a row, longest wait in ms
    [1001, 0, 1000], [1012, 0, 1000], [3001, 0, 1000], [1006, 0, 1000], [1006, 1, 2000], [1006, 2, 4000], [1006, 9, 30000], [3008, 0, 1000],
  ];
  test.each(cases)('after %i, attempt %i: within %i ms', async (code, attempt, most) => {
    for (const random of [0, 0.999]) {
      const desk = new FakeDesk();
      const { client } = visitor(desk, { ports: desk.ports(() => random) });
      void client.start();
      await run(10_000);                                   // a line that stood
      desk.down = attempt > 0;
      desk.socket.end(code);
      await run(1);
      for (let i = 0; i < attempt; i++) {
        const n = desk.sockets.length;
        while (desk.sockets.length === n) await vi.advanceTimersToNextTimerAsync();
        await run(1);
      }
      desk.down = false;
      const before = desk.sockets.length;
      await run(Math.max(random * most - 2, 0));
      if (random > 0) expect(desk.sockets.length).toBe(before);
      await run(10);
      expect(desk.sockets.length).toBe(before + 1);
      client.stop();
    }
  });

  test('1012 is quick even after failures, but not again and again', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk, { ports: desk.ports(() => 0.99) });
    desk.before = (s) => { s.end(1012); return true; };
    void client.start();
    await run(20_000);
    expect(desk.sockets.length).toBeLessThan(8);
  });

  test.each([3500, 3503, 3504])('%i: stays away', async (code) => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    desk.socket.end(code);
    await run(120_000);
    expect(desk.sockets).toHaveLength(1);
    expect(client.state).toEqual({ name: 'closed', code });
    expect(told.states.at(-1)).toBe('closed');
  });

  test('3500 because the hello came too late: comes back', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    desk.socket.say({ type: 'error', code: 'hello_first', message: 'say hello first' });
    desk.socket.end(3500);
    await run(60_000);
    expect(desk.sockets.length).toBeGreaterThan(1);
    expect(client.state.name).toBe('connected');
  });

  test('3501: forgets the token and connects once with null', async () => {
    const desk = new FakeDesk();
    desk.badTokens.add('old');
    const tokens = memoryToken('old');
    const { client, told } = visitor(desk, { tokens });
    void client.start();
    await run(100);
    expect(desk.sockets.map((s) => s.of('hello')[0]!)).toMatchObject([{ token: 'old' }, { token: null }]);
    expect(tokens.get()).toBe('t-1');
    expect(told.anew).toEqual([true]);
    expect(client.state.name).toBe('connected');
  });

  test('3501 with null as well: stays away', async () => {
    const desk = new FakeDesk();
    desk.badTokens.add('old').add(null);
    const { client } = visitor(desk, { tokens: memoryToken('old') });
    void client.start();
    await run(60_000);
    expect(desk.sockets).toHaveLength(2);
    expect(client.state).toEqual({ name: 'closed', code: 3501 });
  });

  test('a link stands in place of the token, and one that is over makes no other visitor', async () => {
    const desk = new FakeDesk();
    const own = memoryToken('mine');
    let link: string | null = 'lnk-1';
    const { client, tokens } = visitor(desk, { site: '', tokens: own, link: () => link });
    void client.start();
    await run(10);
    expect(desk.socket.received[0]).toEqual({ type: 'hello', site: null, link: 'lnk-1', language: 'fi', since: {} });
    expect(tokens.get()).toBeNull();
    expect(own.get()).toBe('t-1');
    desk.socket.end(3501);
    await run(60_000);
    expect(desk.sockets).toHaveLength(1);
    expect(client.state).toEqual({ name: 'closed', code: 3501 });
    expect(own.get()).toBe('t-1');
    link = null;                                           // they begin anew
    own.set(null);
    void client.start();
    await run(10);
    expect(desk.socket.received[0]).toMatchObject({ token: null });
    expect(client.state.name).toBe('connected');
  });

  test('30 s without any frame: another socket; a frame in time: the same', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    await run(20_000);
    desk.socket.say({ type: 'heartbeat', heads: {} });
    await run(25_000);
    expect(desk.sockets).toHaveLength(1);
    await run(6_000);
    expect(desk.sockets).toHaveLength(2);
    expect(desk.sockets[0]!.open).toBe(false);
  });

  test('a socket that never gets as far as the welcome is left after 10 s', async () => {
    const desk = new FakeDesk();
    desk.before = () => true;
    const { client } = visitor(desk);
    void client.start();
    await run(11_000);
    expect(desk.sockets).toHaveLength(2);
    expect(client.state.name).toBe('connecting');
  });

  test('waking up pings, and leaves a line that does not answer', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    client.wake();
    await run(6_000);
    expect(desk.socket.of('ping')).toHaveLength(1);
    expect(desk.sockets).toHaveLength(1);
    desk.before = (_s, f) => f.type === 'ping';
    client.wake();
    await run(6_000);
    expect(desk.sockets).toHaveLength(2);
  });

  test('waking up ends a pause between attempts', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk, { ports: desk.ports(() => 0.99) });
    desk.down = true;
    void client.start();
    await run(20_000);
    desk.down = false;
    const n = desk.sockets.length;
    client.wake();
    await run(5);
    expect(desk.sockets).toHaveLength(n + 1);
    expect(client.state.name).toBe('connected');
  });

  test('a lost network is told at once, and a found one brings the line back at once', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk, { ports: desk.ports(() => 0.99) });
    void client.start();
    await run(10);
    desk.down = true;
    desk.network(false);
    expect(told.states.at(-1)).toBe('connecting');
    expect(desk.sockets[0]!.open).toBe(false);
    client.write({ type: 'post', conversation: null, text: 'x' });
    await run(20_000);
    desk.down = false;
    desk.network(true);
    await run(5);
    expect(client.state.name).toBe('connected');
    expect(desk.socket.of('post')).toHaveLength(1);
  });

  test('the network means nothing to a client that was stopped', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    client.stop();
    desk.network(false);
    desk.network(true);
    await run(5_000);
    expect(client.state).toEqual({ name: 'closed', code: 0 });
    expect(desk.sockets).toHaveLength(1);
  });

  test('an attempt that hangs is made anew when the network is back, one that has just begun is not', async () => {
    const desk = new FakeDesk();
    desk.before = () => true;
    const { client } = visitor(desk);
    void client.start();
    await run(1_000);
    desk.network(true);
    expect(desk.sockets).toHaveLength(1);
    await run(1_500);
    desk.before = () => false;
    desk.network(true);
    await run(10);
    expect(desk.sockets).toHaveLength(2);
    expect(client.state.name).toBe('connected');
  });

  test('a write without an answer makes the line prove itself, and one that cannot is left', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    desk.before = (s) => s === desk.sockets[0];
    client.write({ type: 'post', conversation: null, text: 'x' });
    await run(2_900);
    expect(desk.sockets[0]!.of('ping')).toHaveLength(0);
    await run(200);
    expect(desk.sockets[0]!.of('ping')).toHaveLength(1);
    expect(client.state.name).toBe('connected');
    await run(6_000);
    expect(desk.sockets).toHaveLength(2);
    expect(desk.socket.of('post')).toHaveLength(1);
    expect(client.outbox).toEqual([]);
    expect(told.states.at(-1)).toBe('connected');
  });

  test('a desk that is slow to answer a write, but there, is not left', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    desk.before = (_s, f) => f.type === 'post';
    client.write({ type: 'post', conversation: null, text: 'x' });
    await run(15_000);
    expect(desk.sockets).toHaveLength(1);
    expect(desk.socket.of('ping').length).toBeGreaterThan(1);
  });

  test('what is answered in time asks nothing more of the line', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    client.write({ type: 'post', conversation: null, text: 'x' });
    await run(10_000);
    expect(desk.socket.of('ping')).toEqual([]);
  });

  test('what an abandoned socket still says no longer counts', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    const old = desk.socket;
    client.renew();
    await run(10);
    old.listener.text(JSON.stringify({ type: 'event', conversation: C, seq: 1, at: '', kind: 'message', text: 'x', from: { role: 'bot' } }));
    old.listener.closed(3503);
    await run(10);
    expect(told.events).toEqual([]);
    expect(client.state.name).toBe('connected');
  });
});

describe('the log', () => {
  test('tells every event once and in order, whatever comes', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    const events = [1, 2, 3, 4, 5].map((i) => desk.event(C, 'message', { text: String(i) }, true));
    for (const i of [0, 2, 1, 1, 0, 4, 3, 4]) desk.socket.say(events[i]!);
    await run(10);
    expect(seqs(told.events)).toEqual([1, 2, 3, 4, 5]);
  });

  test('a hole is asked for, once', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    desk.event(C, 'message', { text: '1' });
    await run(10);
    desk.event(C, 'message', { text: '2' }, true);
    desk.event(C, 'message', { text: '3' });
    desk.event(C, 'message', { text: '4' });
    await run(10);
    expect(desk.socket.of('sync')).toEqual([{ type: 'sync', conversation: C, after: 1 }]);
    expect(seqs(told.events)).toEqual([1, 2, 3, 4]);
    expect(told.fresh).toEqual([true, true, true, true]);
  });

  test('a heartbeat with a higher head asks', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    desk.event(C, 'message', { text: '1' }, true);
    desk.socket.say({ type: 'heartbeat', heads: desk.heads() });
    await run(10);
    expect(seqs(told.events)).toEqual([1]);
  });

  test('a desk that cannot fill a hole is not asked without end', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    desk.socket.say({ type: 'event', conversation: C, seq: 9, at: '', kind: 'message', text: 'x', from: { role: 'bot' } });
    await run(1_000);
    expect(desk.socket.of('sync')).toHaveLength(1);
    desk.socket.say({ type: 'heartbeat', heads: { [C]: 9 } });
    await run(1_000);
    expect(desk.socket.of('sync')).toHaveLength(2);
  });

  test('the past is read at the welcome and is no news; what came while away is', async () => {
    const desk = new FakeDesk();
    desk.event(C, 'message', { text: '1' }, true);
    desk.event(C, 'message', { text: '2' }, true);
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    expect(told.fresh).toEqual([false, false]);
    desk.socket.end(1006);
    desk.event(C, 'message', { text: '3' }, true);
    await run(2_000);
    expect(desk.socket.of('hello')[0]!.since).toEqual({ [C]: 2 });
    expect(desk.socket.of('sync')).toEqual([]);
    expect(seqs(told.events)).toEqual([1, 2, 3]);
    expect(told.fresh).toEqual([false, false, true]);
  });

  test('an unknown kind has a position', async () => {
    const desk = new FakeDesk();
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    desk.socket.say({ type: 'event', conversation: C, seq: 1, at: '', kind: 'sung', from: { role: 'bot' } });
    desk.socket.say({ type: 'event', conversation: C, seq: 2, at: '', kind: 'message', text: 'x', from: { role: 'bot' } });
    await run(10);
    expect(told.events.map((e) => e.kind)).toEqual(['unknown', 'message']);
    expect(desk.socket.of('sync')).toEqual([]);
  });
});

describe('signs', () => {
  test('typing at most once in 2 s', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    for (let i = 0; i < 45; i++) {
      client.typing(C);
      await run(100);
    }
    expect(desk.socket.of('typing')).toHaveLength(3);
  });

  test('read marks go forward only, and catch up after the welcome', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    client.read(C, 3);
    client.read(C, 5);
    client.read(C, 4);
    void client.start();
    await run(10);
    client.read(C, 5);
    client.read(C, 6);
    await run(10);
    expect(desk.socket.of('read').map((f) => f.seq)).toEqual([5, 6]);
  });
});
