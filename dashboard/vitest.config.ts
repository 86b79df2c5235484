import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Tests stand in tests/dashboard/: *.unit.test.ts are fast, *.page.test.ts need a browser.
export default defineConfig({
  plugins: [svelte()],
  test: {
    dir: '../tests/dashboard', include: ['*.test.ts'],
    testTimeout: 180_000, hookTimeout: 60_000, fileParallelism: false,
  },
  server: { fs: { strict: false } },
});
