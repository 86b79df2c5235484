import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const engine = 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022', modulePreload: false, assetsInlineLimit: 0, reportCompressedSize: false,
  },
  server: { proxy: { '/api': engine, '/health': engine } },
});
