import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { browserPorts, keptOutbox, windows } from '../browser/index.ts';
import type { TabWord } from '../src/index.ts';

afterEach(() => { vi.unstubAllGlobals(); });

test('the kept outbox gives back what was put, in order, also to the next page', async () => {
  const store = keptOutbox<string>('one');
  for (const key of ['b', 'a', 'c']) await store.put({ key, at: 1, frame: key });
  await store.put({ key: 'b', at: 1, frame: 'changed' });
  await store.remove('a');
  await store.remove('unheard of');
  expect(await keptOutbox<string>('one').all()).toEqual([{ key: 'b', at: 1, frame: 'changed' }, { key: 'c', at: 1, frame: 'c' }]);
  expect(await keptOutbox<string>('two').all()).toEqual([]);
});

test('without IndexedDB it lives as long as the page', async () => {
  vi.stubGlobal('indexedDB', { open: () => { throw new Error('blocked'); } });
  const store = keptOutbox<string>('three');
  await store.put({ key: 'a', at: 1, frame: 'x' });
  expect(await store.all()).toHaveLength(1);
  await store.remove('a');
  expect(await store.all()).toEqual([]);
});

test('windows hear each other, and without locks each of them sends', async () => {
  vi.stubGlobal('navigator', {});
  const one = windows<string>('w');
  const two = windows<string>('w');
  const lead = vi.fn();
  one.lead(lead);
  two.lead(lead);
  expect(lead).toHaveBeenCalledTimes(2);
  const heard = new Promise<TabWord<string>>((resolve) => two.hear(resolve));
  one.tell({ acked: 'k', conversation: 'c', seq: 1 });
  await expect(heard).resolves.toEqual({ acked: 'k', conversation: 'c', seq: 1 });
});

test('the ports tell of the network as the browser does, until they are stopped', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  const heard: boolean[] = [];
  const stop = browserPorts().network?.((up) => heard.push(up));
  page.dispatchEvent(new Event('offline'));
  page.dispatchEvent(new Event('online'));
  stop?.();
  page.dispatchEvent(new Event('offline'));
  expect(heard).toEqual([false, true]);
});
