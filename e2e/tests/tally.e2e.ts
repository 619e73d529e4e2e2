import { describe, expect, test } from 'vitest';
import { tallyGo, tallyVitest } from '../../scripts/tally.mjs';

// The count at the end of `make test` must never be better than what happened.

const lines = (...events: object[]) => events.map((event) => JSON.stringify(event)).join('\n');
const go = (Action: string, Test?: string, Output?: string) => ({ Action, Package: 'kohta/chat', Test, Output });

describe('go test -json', () => {
  test('a test with subtests counts as its subtests', () => {
    const text = lines(go('pass', 'TestA/one'), go('pass', 'TestA/two'), go('pass', 'TestA'), go('pass', 'TestB'), go('pass'));
    expect(tallyGo(text)).toEqual({ passed: 3, failed: [], skipped: [] });
  });

  test('a failed subtest fails once, with its output', () => {
    const text = lines(go('output', 'TestA/one', 'chat_test.go:7: not so\n'), go('fail', 'TestA/one'), go('pass', 'TestA/two'), go('fail', 'TestA'), go('fail'));
    expect(tallyGo(text)).toEqual({ passed: 1, failed: ['kohta/chat TestA/one\nchat_test.go:7: not so\n'], skipped: [] });
  });

  test('a test that fails though its subtests pass is a failure', () => {
    expect(tallyGo(lines(go('pass', 'TestA/one'), go('fail', 'TestA'), go('fail'))).failed).toHaveLength(1);
  });

  test('a test that never ended has failed', () => {
    const text = lines(go('run', 'TestA'), go('output', 'TestA', 'panic: test timed out\n'), go('fail'));
    expect(tallyGo(text)).toEqual({ passed: 0, failed: ['kohta/chat TestA\npanic: test timed out\n'], skipped: [] });
  });

  test('a package that does not build has failed, and says why', () => {
    const text = lines({ Action: 'build-output', ImportPath: 'kohta/chat', Output: 'x.go:1:1: syntax error\n' }, go('fail'));
    expect(tallyGo(text).failed.join()).toContain('syntax error');
  });

  test('a package that dies outside of its tests has failed', () => {
    expect(tallyGo(lines(go('pass', 'TestA'), go('output', undefined, 'DATA RACE\n'), go('fail'))).failed).toEqual(['kohta/chat\nDATA RACE\n']);
  });

  test('a skipped test is named with its reason', () => {
    const text = lines(go('output', 'TestA', '    chat_test.go:9: no Redis here\n'), go('skip', 'TestA'), go('pass'));
    expect(tallyGo(text)).toEqual({ passed: 0, failed: [], skipped: ['kohta/chat TestA: no Redis here'] });
  });
});

describe("vitest's report", () => {
  const file = (status: string, assertionResults: object[], message = '') => JSON.stringify({ testResults: [{ name: 'a.test.ts', status, message, assertionResults }] });

  test('counts passed, failed and skipped', () => {
    const results = [
      { status: 'passed', fullName: 'a', failureMessages: [] },
      { status: 'failed', fullName: 'b', failureMessages: ['not so'] },
      { status: 'pending', fullName: 'c', failureMessages: [] },
    ];
    expect(tallyVitest(file('failed', results))).toEqual({ passed: 1, failed: ['b\nnot so'], skipped: ['c'] });
  });

  test('a file that could not be loaded is a failure', () => {
    expect(tallyVitest(file('failed', [], 'no such module')).failed).toEqual(['a.test.ts\nno such module']);
  });
});
