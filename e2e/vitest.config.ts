import { defineConfig } from 'vitest/config';

// One file at a time: each has a desk and browsers of its own, and two would only slow each other down.
export default defineConfig({
  test: {
    include: ['tests/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
