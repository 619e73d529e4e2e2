import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client, memoryOutbox, memoryToken, type OutboxStore, type Tabs, type TabWord, type VisitorWrite } from '../src/index.ts';
import { FakeDesk } from './fake.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });
const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Windows in one process: the first in the row leads. */
function windows() {
  const row: { lead?: () => void; hear?: (w: TabWord<VisitorWrite>) => void }[] = [];
  return {
    open(): Tabs<VisitorWrite> & { close(): void } {
      const me: (typeof row)[number] = {};
      row.push(me);
      return {
        lead: (lead) => { me.lead = lead; if (row[0] === me) lead(); },
        tell: (word) => { for (const w of row) if (w !== me) w.hear?.(structuredClone(word)); },
        hear: (hear) => { me.hear = hear; },
        close: () => { row.splice(row.indexOf(me), 1); row[0]?.lead?.(); },
      };
    },
  };
}

function open(desk: FakeDesk, tabs: Tabs<VisitorWrite>, store: OutboxStore<VisitorWrite>) {
  const client = new Client<'visitor'>({
    side: 'visitor', url: 'ws://desk.test', ports: desk.ports(), site: 'demo', tokens: memoryToken('t-1'), language: () => 'fi',
    store, tabs, hooks: {},
  });
  void client.start();
  return client;
}

test('one window sends for all, and all see when it is done', async () => {
  const desk = new FakeDesk();
  let hold = true;
  desk.before = (_s, f) => f.type === 'post' && hold;
  const row = windows();
  const store = memoryOutbox<VisitorWrite>();
  const first = open(desk, row.open(), store);
  await run(10);
  const second = open(desk, row.open(), store);
  await run(10);
  const { done } = second.write({ type: 'post', conversation: null, text: 'hei' });
  await run(10);
  expect(desk.sockets.map((s) => s.of('post').length)).toEqual([1, 0]);
  expect(first.outbox).toHaveLength(1);
  hold = false;
  desk.sockets[0]!.end(1006);
  await run(2_000);
  await expect(done).resolves.toMatchObject({ ok: true, seq: 1 });
  expect([first.outbox.length, second.outbox.length, (await store.all()).length]).toEqual([0, 0, 0]);
});

test('when the window that sends closes, the next one takes over what was not acknowledged', async () => {
  const desk = new FakeDesk();
  let hold = true;
  desk.before = (_s, f) => f.type === 'post' && hold;
  const row = windows();
  const store = memoryOutbox<VisitorWrite>();
  const tabs = row.open();
  const first = open(desk, tabs, store);
  await run(10);
  const second = open(desk, row.open(), store);
  await run(10);
  first.write({ type: 'post', conversation: null, text: 'a' });
  second.write({ type: 'post', conversation: null, text: 'b' });
  await run(10);
  hold = false;
  first.stop();
  tabs.close();
  await run(10);
  expect(desk.sockets[1]!.of('post').map((f) => f.text)).toEqual(['a', 'b']);
  expect(second.outbox).toEqual([]);
});

test('a refusal is heard in the window that wrote', async () => {
  const desk = new FakeDesk();
  desk.before = (s, f) => f.type === 'post' && desk.refuse(s, f.key, 'closed');
  const row = windows();
  const store = memoryOutbox<VisitorWrite>();
  open(desk, row.open(), store);
  await run(10);
  const second = open(desk, row.open(), store);
  await run(10);
  await expect(Promise.all([second.write({ type: 'post', conversation: null, text: 'a' }).done, run(20)])).resolves.toMatchObject([{ ok: false, code: 'closed' }, expect.anything()]);
});
