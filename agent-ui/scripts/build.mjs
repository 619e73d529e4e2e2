// Builds the console. The same sources give the same files: fixed names, no hashes; the gateway serves them under a
// path with the build's hash. `--out DIR` builds elsewhere.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = process.argv.indexOf('--out');
const out = at > 0 ? process.argv[at + 1] : `${root}dist`;

await build({
  root, configFile: false, logLevel: 'warn', publicDir: false, base: './',
  build: {
    outDir: out, emptyOutDir: true, target: 'es2022', cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false, assetsInlineLimit: 0, cssCodeSplit: false, reportCompressedSize: false,
    rolldownOptions: { output: { entryFileNames: 'app.js', chunkFileNames: '[name].js', assetFileNames: 'app[extname]' } },
  },
});
