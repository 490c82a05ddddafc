import { defineConfig } from 'vite';

// GRIDWARD: the server that `npm run dev` asks; ./run demo's by default.
const server = process.env['GRIDWARD'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the server's policy lets no script or font come as a data: address
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: ['index.html', 'docs.html'] },
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  server: { proxy: Object.fromEntries(['/api', '/tiles', '/heatmap', '/openapi.json', '/problems'].map((path) => [path, { target: server }])) },
});
