import { defineConfig } from 'vitest/config';

// Two files at a time: each has a desk and browsers of its own, and waits for longer than it computes.
export default defineConfig({
  test: {
    include: ['tests/**/*.e2e.ts'],
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
