import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Client, type KohtaEvent } from '../src/index.ts';
import { FakeDesk } from './fake.ts';
import { C, run, seqs } from './visitor.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('an agent', () => {
  function agent(desk: FakeDesk) {
    const told: KohtaEvent[] = [];
    const client = new Client<'agent'>({
      side: 'agent', url: 'ws://desk.test/ws/agent', ports: desk.ports(), hooks: { events: (_c, e) => told.push(...e) },
    });
    return { client, told };
  }

  test('watches again after each welcome, and says the status again', async () => {
    const desk = new FakeDesk('agent');
    desk.event(C, 'message', { text: '1' }, true);
    desk.snapshots = [];
    const { client, told } = agent(desk);
    void client.start();
    await run(10);
    client.presence('online');
    client.watch(C);
    await run(10);
    desk.socket.end(3008);
    desk.event(C, 'note', { text: '2' }, true);
    desk.snapshots = [];
    await run(2_000);
    expect(desk.socket.of('hello')[0]!.since).toEqual({});
    expect(desk.socket.of('watch')).toEqual([{ type: 'watch', conversation: C, after: 1 }]);
    expect(desk.socket.of('presence')).toEqual([{ type: 'presence', status: 'online' }]);
    expect(seqs(told)).toEqual([1, 2]);
  });

  test('says why it is away, also again', async () => {
    const desk = new FakeDesk('agent');
    const { client } = agent(desk);
    void client.start();
    await run(10);
    client.presence('away', 'Lounas');
    await run(10);
    desk.socket.end(1012);
    await run(2_000);
    expect(desk.socket.of('presence')).toEqual([{ type: 'presence', status: 'away', reason: 'Lounas' }]);
    client.presence('online');
    await run(10);
    expect(desk.socket.of('presence').at(-1)).toEqual({ type: 'presence', status: 'online' });
  });

  test('takes the next one, and the ack says which it is', async () => {
    const desk = new FakeDesk('agent');
    desk.before = (s, f) => {
      if (f.type === 'take') s.say({ type: 'ack', key: f.key, conversation: C, seq: 4 });
      return f.type === 'take';
    };
    const { client } = agent(desk);
    void client.start();
    await run(10);
    const { done } = client.write({ type: 'take', conversation: null }, false);
    await run(10);
    expect(await done).toEqual({ ok: true, conversation: C, seq: 4 });
    expect(desk.socket.of('take')[0]).toMatchObject({ conversation: null });
  });

  test.each([1, 0])('learns from the refusal of a stale fence what happened since, having read up to %i', async (had) => {
    const desk = new FakeDesk('agent');
    desk.event(C, 'assigned', { agent: { id: 'a-1' } }, true);
    if (had === 0) desk.snapshots = [];
    const { client, told } = agent(desk);
    void client.start();
    await run(10);
    const before = desk.socket.of('sync').length;
    desk.event(C, 'unassigned', { reason: 'agent_lost' }, true);
    desk.event(C, 'assigned', { agent: { id: 'a-2', name: 'Ville' } }, true);
    desk.before = (s, f) => {
      if (f.type !== 'post') return false;
      desk.refuse(s, f.key, 'conflict');
      for (const e of desk.events.get(C)!.slice(1)) s.say(e);
      s.say({ type: 'synced', conversation: C, head: 3 });
      return true;
    };
    const { done } = client.write({ type: 'post', conversation: C, text: 'hei', fence: 1 });
    await run(20);
    expect(await done).toEqual({ ok: false, code: 'conflict' });
    expect(seqs(told)).toEqual([1, 2, 3]);
    expect(desk.socket.of('sync').length - before).toBe(1 - had); // who has read it asks for nothing
  });

  test('stays away when not signed in, without trying another identity', async () => {
    const desk = new FakeDesk('agent');
    const { client } = agent(desk);
    void client.start();
    await run(10);
    desk.socket.end(3501);
    await run(60_000);
    expect(desk.sockets).toHaveLength(1);
    expect(client.state).toEqual({ name: 'closed', code: 3501 });
  });

  test("a colleague's event with my key confirms nothing, mine does", async () => {
    const desk = new FakeDesk('agent');
    desk.before = (_s, f) => f.type === 'post';
    const { client } = agent(desk);
    void client.start();
    await run(10);
    const { key } = client.write({ type: 'post', conversation: C, text: 'hei' });
    desk.event(C, 'message', { text: 'hei', key, from: { role: 'agent', id: 'a-2' } });
    await run(10);
    expect(client.outbox).toHaveLength(1);
    desk.event(C, 'message', { text: 'hei', key, from: { role: 'agent', id: 'a-1' } });
    await run(10);
    expect(client.outbox).toHaveLength(0);
  });
});
