import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

// GRIDWARD: the server that `npm run dev` asks; ./run demo's by default.
const server = process.env['GRIDWARD'] ?? 'http://127.0.0.1:8080';

/** The service worker, told of the files of this build: its version is what is in them. The contract's pages are left out, as nobody needs them without a network. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker', apply: 'build', enforce: 'post',
    generateBundle(_, bundle) {
      const docs = /(^|\/)docs[-.]/;
      const files = Object.keys(bundle).filter((f) => f.startsWith('assets/') && !docs.test(f)).sort().map((f) => `/${f}`);
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 16);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: readFileSync('src/sw.js', 'utf8').replace('[/* files */]', JSON.stringify(files)).replace('/* version */', version) });
    },
  };
}

export default defineConfig({
  plugins: [serviceWorker()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the server's policy lets no script or font come as a data: address
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: ['index.html', 'docs.html'] },
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  server: { fs: { allow: ['..'] }, proxy: Object.fromEntries(['/api', '/tiles', '/heatmap', '/openapi.json', '/problems'].map((path) => [path, { target: server }])) },
});
