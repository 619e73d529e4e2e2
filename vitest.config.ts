import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['wire/client/test/**/*.test.ts', 'look/test/**/*.test.{ts,tsx}', 'widget/test/**/*.test.{ts,tsx}', 'agent-ui/test/**/*.test.{ts,tsx}', 'agent-ui/src/**/*.test.{ts,tsx}'],
    maxWorkers: 2,
  },
});
