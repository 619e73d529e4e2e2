import { defineConfig } from 'vitest/config';

// Not a test: it plays a scene on the real program and takes the picture of the readme.
export default defineConfig({
  test: { include: ['readme.scene.ts'], testTimeout: 180_000, hookTimeout: 60_000 },
});
