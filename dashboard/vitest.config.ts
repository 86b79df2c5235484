import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Tests stand in tests/dashboard/: *.unit.test.ts are fast, *.page.test.ts need a browser.
export default defineConfig({
  plugins: [svelte()],
  test: {
    dir: '../tests/dashboard', include: ['*.test.ts'],
    // Limits for a test that hangs; what a page shows is waited for, also on a loaded machine.
    testTimeout: 600_000, hookTimeout: 180_000, fileParallelism: false,
    expect: { poll: { timeout: 90_000 } },
  },
  server: { fs: { strict: false } },
});
