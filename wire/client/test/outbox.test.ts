import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryOutbox, memoryToken } from '../src/index.ts';
import { FakeDesk } from './fake.ts';
import { C, run, visitor } from './visitor.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('the outbox', () => {
  const post = (text: string) => ({ type: 'post', conversation: null, text }) as const;

  test('keeps what was written before the connection, and sends it in order after the welcome', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    client.write(post('a'));
    client.write(post('b'));
    void client.start();
    await run(20);
    expect(desk.socket.of('post').map((f) => f.text)).toEqual(['a', 'b']);
    expect(client.outbox).toEqual([]);
  });

  test('the whole of what is not acknowledged goes again after each welcome, under the same keys', async () => {
    const desk = new FakeDesk();
    desk.before = (_s, f) => f.type === 'post';
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    client.write(post('a'));
    client.write(post('b'));
    await run(10);
    const first = desk.socket.of('post');
    desk.socket.end(1006);
    desk.before = () => false;
    await run(2_000);
    expect(desk.socket.of('post')).toEqual(first);
    expect(client.outbox).toEqual([]);
  });

  test('an own event confirms, even when the ack never comes', async () => {
    const desk = new FakeDesk();
    desk.before = (_s, f) => {
      if (f.type !== 'post') return false;
      desk.event(C, 'message', { text: f.text, key: f.key, from: { role: 'visitor' } });
      return true;
    };
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    const { done } = client.write(post('a'));
    await run(10);
    await expect(done).resolves.toEqual({ ok: true, conversation: C, seq: 1 });
    expect(client.outbox).toEqual([]);
  });

  test("somebody else's event with the same key confirms nothing", async () => {
    const desk = new FakeDesk();
    desk.before = (_s, f) => {
      if (f.type !== 'post') return false;
      desk.event(C, 'message', { text: 'x', key: f.key, from: { role: 'bot' } });
      return true;
    };
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    client.write(post('a'));
    await run(10);
    expect(client.outbox).toHaveLength(1);
  });

  test.each(['rate_limited', 'unavailable'] as const)('%s keeps the frame, and nothing overtakes it', async (code) => {
    const desk = new FakeDesk();
    let refuse = true;
    desk.before = (s, f) => f.type === 'post' && refuse && desk.refuse(s, f.key, code, 3);
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    client.write(post('a'));
    await run(10);
    refuse = false;
    client.write(post('b'));
    await run(2_900);
    expect(desk.socket.of('post').map((f) => f.text)).toEqual(['a']);
    await run(200);
    expect(desk.socket.of('post').map((f) => f.text)).toEqual(['a', 'a', 'b']);
    expect(told.refused).toEqual([]);
    expect(client.outbox).toEqual([]);
  });

  test.each(['bad_frame', 'too_large', 'not_found', 'conflict', 'closed', 'forbidden', 'unsupported'] as const)('%s drops the frame and says so', async (code) => {
    const desk = new FakeDesk();
    desk.before = (s, f) => f.type === 'post' && desk.refuse(s, f.key, code);
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    const { done } = client.write(post('a'));
    await run(10);
    await expect(done).resolves.toEqual({ ok: false, code });
    expect(told.refused).toEqual([`post ${code}`]);
    expect(client.outbox).toEqual([]);
  });

  test('1009 drops the frame just sent, and the others go again', async () => {
    const desk = new FakeDesk();
    desk.before = (s, f) => {
      if (f.type !== 'post' || f.text.length < 1000) return false;
      s.end(1009);
      return true;
    };
    const { client, told } = visitor(desk);
    void client.start();
    await run(10);
    client.write(post('x'.repeat(2000)));
    client.write(post('b'));
    await run(3_000);
    expect(told.refused).toEqual(['post too_large']);
    expect(desk.sockets).toHaveLength(2);
    expect(client.outbox).toEqual([]);
    expect(desk.events.get([...desk.events.keys()][0]!)).toHaveLength(1);
  });

  test('a frame that is too large is not even tried; bytes are counted, not characters', async () => {
    const desk = new FakeDesk();
    const { client } = visitor(desk);
    void client.start();
    await run(10);
    expect(client.fits(post('x'.repeat(16_000)))).toBe(true);
    expect(client.fits(post('ä'.repeat(16_000)))).toBe(false);
    await expect(client.write(post('ä'.repeat(16_000))).done).resolves.toEqual({ ok: false, code: 'too_large' });
    expect(client.outbox).toEqual([]);
  });

  test('lives on over a reload', async () => {
    const desk = new FakeDesk();
    desk.down = true;
    const store = memoryOutbox<never>();
    const one = visitor(desk, { store });
    void one.client.start();
    one.client.write(post('a'));
    await run(10);
    one.client.write(post('b'));
    await run(10);
    await one.client.settled();
    one.client.stop();
    desk.down = false;
    const two = visitor(desk, { store });
    void two.client.start();
    await run(50);
    expect(desk.socket.of('post').map((f) => f.text)).toEqual(['a', 'b']);
    await two.client.settled();
    expect(await store.all()).toEqual([]);
  });

  test('a store that fails costs the keeping alone', async () => {
    const fail = () => Promise.reject(new Error('quota'));
    const desk = new FakeDesk();
    const { client } = visitor(desk, { store: { all: fail, put: fail, remove: fail } });
    void client.start();
    client.write(post('a'));
    await run(20);
    expect(desk.socket.of('post')).toHaveLength(1);
    expect(client.outbox).toEqual([]);
  });

  test('words find their way to a new identity, answers to the old one do not', async () => {
    const desk = new FakeDesk();
    desk.badTokens.add('old');
    const { client, told } = visitor(desk, { tokens: memoryToken('old') });
    client.write({ type: 'post', conversation: C, text: 'a' });
    client.write({ type: 'choose', conversation: C, seq: 3, option: 'x' });
    void client.start();
    await run(50);
    expect(desk.socket.of('post')).toMatchObject([{ conversation: null, text: 'a' }]);
    expect(desk.socket.of('choose')).toEqual([]);
    expect(told.refused).toEqual(['choose gone']);
  });
});
