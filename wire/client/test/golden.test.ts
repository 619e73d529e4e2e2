/** The frames that the Go half writes are frames that this half reads. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode } from '../src/index.ts';

const golden = new URL('../../testdata/', import.meta.url);
const files = existsSync(golden) ? readdirSync(golden).filter((f) => f.startsWith('to_') && f.endsWith('.json')) : [];

describe.runIf(files.length > 0)('golden frames', () => {
  test.each(files.filter((f) => !f.includes('snapshot')))('%s', (file) => {
    const text = readFileSync(new URL(file, golden), 'utf8');
    const frame = JSON.parse(text) as Record<string, unknown>;
    const read = decode(text);
    expect(read).toMatchObject({ type: frame['type'] });
    expect(read).not.toMatchObject({ kind: 'unknown' });
  });
});
