import { describe, expect, test } from 'vitest';
import { begun, clean, cut, decode, fold, utf8Length, type KohtaEvent, type Snapshot } from '../src/index.ts';
import { delay } from '../src/backoff.ts';

describe('decode', () => {
  const good: Record<string, unknown>[] = [
    { type: 'welcome', visitor: 'v', token: 't', heartbeat_s: 20, conversations: [{ conversation: 'c', state: 'bot', head: 0, agent: null }] },
    { type: 'welcome', agent: { id: 'a', name: 'Aino', role: 'agent' }, heartbeat_s: 20, conversations: [], line: { waiting: [], total: 0 } },
    { type: 'event', conversation: 'c', seq: 1, at: '2026-03-17T12:00:00.000Z', kind: 'message', from: { role: 'bot' }, text: 'Hei', later: 1 },
    { type: 'event', conversation: 'c', seq: 2, at: '', kind: 'assigned', from: { role: 'system' }, agent: { id: 'a', name: 'Aino' } },
    { type: 'ack', key: 'k', conversation: 'c', seq: 1 },
    { type: 'synced', conversation: 'c', head: 4 },
    { type: 'signal', kind: 'line', conversation: 'c', position: null, wait: null },
    { type: 'signal', kind: 'line', added: [], removed: ['c'], version: 8 },
    { type: 'heartbeat', heads: { c: 3 } },
    { type: 'event', conversation: 'c', seq: 3, at: '', kind: 'promised', from: { role: 'system' }, text: 'x', wait: null, options: [{ id: 'wait', label: 'Odotan' }] },
    { type: 'event', conversation: 'c', seq: 4, at: '', kind: 'mailed', from: { role: 'system' } },
    { type: 'signal', kind: 'alert', what: 'later', conversation: 'c', agent: null },
    { type: 'signal', kind: 'presence', agent: { id: 'a' }, status: 'busy', reason: 'Kokous' },
    { type: 'error', code: 'rate_limited', retry_after_s: 2 },
  ];
  test.each(good.map((f) => [String(f['type']), f]))('reads %s', (_t, f) => {
    expect(decode(JSON.stringify(f))).toEqual(f);
  });

  test.each([
    'x', '[]', '1', 'null', '{}', '{"type":7}',
    '{"type":"ack","key":1,"conversation":"c","seq":1}',
    '{"type":"ack","key":"k","conversation":"c","seq":1.5}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"message","from":{"role":"bot"},"text":{}}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"message","from":{"role":"king"},"text":"x"}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"message","from":{"role":"bot"},"text":"x","options":[{"id":1}]}',
    '{"type":"welcome","heartbeat_s":20,"conversations":[]}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"promised","from":{"role":"system"},"options":{}}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"promised","from":{"role":"system"},"form":{"id":"x"}}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"escalated","from":{"role":"system"},"reason":"asked","wait":5}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"invited","from":{"role":"agent"},"agent":null}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"assigned","from":{"role":"system"},"agent":{"id":"a"},"load":"1"}',
    '{"type":"event","conversation":"c","seq":1,"at":"","kind":"snoozed","from":{"role":"system"},"promise":{"at":7}}',
    '{"type":"signal","kind":"alert","what":"raised"}',
    '{"type":"signal","kind":"invite","from":{"id":"a"}}',
    '{"type":"signal","kind":"presence","agent":{"id":"a"},"status":"hidden"}',
    '{"type":"heartbeat","heads":{"c":"3"}}',
  ])('takes nothing else: %s', (text) => {
    expect(decode(text)).toBeNull();
  });

  test('what came later has a type and no meaning', () => {
    expect(decode('{"type":"sung"}')).toEqual({ type: 'unknown' });
    expect(decode('{"type":"signal","kind":"toString"}')).toMatchObject({ kind: 'unknown' });
    expect(decode('{"type":"event","conversation":"c","seq":3,"at":"","kind":"sung","from":{"role":"bot"}}')).toMatchObject({ kind: 'unknown', seq: 3 });
  });
});

describe('text', () => {
  test.each([['', 0], ['a', 1], ['ä', 2], ['€', 3], ['😀', 4], ['aä€😀', 10]])('%s has %i bytes', (s, n) => {
    expect(utf8Length(s)).toBe(n);
    expect(utf8Length(s)).toBe(Buffer.byteLength(s));
  });
  test('cut splits no character', () => {
    expect(cut('ääää', 5)).toBe('ää');
    expect(cut('a😀b', 4)).toBe('a');
    expect(cut('abc', 3)).toBe('abc');
  });
  test('clean leaves what the desk takes', () => {
    expect(clean(' a\0b\ud800 ')).toBe('ab\ufffd');
    expect(clean('😀')).toBe('😀');
  });
});

test('delay is drawn evenly from a span that doubles up to 30 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 99].map((n) => delay(n, 1))).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  expect(delay(3, 0.25)).toBe(2000);
});

test('fold follows a conversation through its life', () => {
  const base = { type: 'event', conversation: 'c', at: '2026-01-01T00:00:00.000Z', from: { role: 'system' } } as const;
  const aino = { id: 'a', name: 'Aino' };
  const steps: [Record<string, unknown>, string, unknown][] = [
    [{ kind: 'message', text: 'x' }, 'bot', null],
    [{ kind: 'escalated', reason: 'asked' }, 'waiting', null],
    [{ kind: 'assigned', agent: aino }, 'agent', aino],
    [{ kind: 'unassigned', reason: 'agent_lost' }, 'waiting', null],
    [{ kind: 'assigned', agent: aino }, 'agent', aino],
    [{ kind: 'snoozed', until: '2026-01-02T00:00:00.000Z' }, 'snoozed', aino],
    [{ kind: 'woken', state: 'agent' }, 'agent', aino],
    [{ kind: 'transferred', team: 'billing' }, 'waiting', null],
    [{ kind: 'returned' }, 'bot', null],
    [{ kind: 'closed', by: 'visitor' }, 'closed', null],
    [{ kind: 'reopened', state: 'bot' }, 'bot', null],
    [{ kind: 'unknown' }, 'bot', null],
  ];
  let s = begun('c');
  steps.forEach(([e, state, agent], i) => {
    const event = { ...base, ...e, seq: i + 1 } as unknown as KohtaEvent;
    s = fold(s, event);
    expect({ step: i, state: s.state, agent: s.agent, head: s.head }).toEqual({ step: i, state, agent, head: i + 1 });
    expect(fold(s, event)).toBe(s);
  });
});

test('fold knows what the wait is said to be, and how it was rated', () => {
  const base = { type: 'event', conversation: 'c', at: '2026-01-01T00:00:00.000Z', from: { role: 'system' } } as const;
  const [soon, later] = [{ low_s: 60, high_s: 180 }, { low_s: 300, high_s: 600 }];
  const steps: [Record<string, unknown>, Partial<Snapshot>][] = [
    [{ kind: 'escalated', reason: 'asked', wait: soon }, { wait: soon }],
    [{ kind: 'promised', text: 'x' }, { wait: soon }],
    [{ kind: 'promised', text: 'x', wait: later }, { wait: later }],
    [{ kind: 'promised', text: 'x', wait: null }, { wait: null }],
    [{ kind: 'promised', text: 'x', wait: soon }, { wait: soon }],
    [{ kind: 'snoozed' }, { state: 'snoozed', wait: null }],
    [{ kind: 'closed', by: 'agent' }, { state: 'closed' }],
    [{ kind: 'rated', survey: 'csat', score: 5 }, { state: 'closed', rating: { survey: 'csat', score: 5 } }],
  ];
  let s = begun('c');
  steps.forEach(([e, want], i) => {
    s = fold(s, { ...base, ...e, seq: i + 1 } as unknown as KohtaEvent);
    expect(s).toMatchObject(want);
  });
});
