// Builds the widget: the loader for other websites, and the app in its frame. `--out DIR` builds elsewhere.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = process.argv.indexOf('--out');
const out = at > 0 ? process.argv[at + 1] : `${root}dist`;

const shared = {
  root, configFile: false, logLevel: 'warn', publicDir: false,
  resolve: { preserveSymlinks: false },
};
const output = { outDir: out, emptyOutDir: false, target: 'es2022', cssTarget: ['chrome123', 'firefox120', 'safari17.5'], modulePreload: false, reportCompressedSize: false };

/** A host page may have any charset: outside of ASCII everything is escaped. */
const ascii = {
  name: 'ascii',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
  },
};

/** Languages are fetched by plain imports: there is nothing to preload beside them. */
const plain = {
  name: 'plain-import', enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
};

/** The tokens serve the console too: what no rule here uses is left out. */
const used = {
  name: 'used-tokens', enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const asset of Object.values(bundle)) {
        if (!asset.fileName.endsWith('.css')) continue;
        for (let before = ''; before !== asset.source;) {
          before = asset.source;
          asset.source = before.replace(/(--[a-z0-9-]+):[^;{}]+(?:;|(?=\}))/g, (rule, name) => (before.includes(`var(${name})`) ? rule : ''));
        }
      }
    },
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  ...shared, plugins: [ascii],
  build: { ...output, rolldownOptions: { input: `${root}src/loader/loader.ts`, output: { format: 'iife', entryFileNames: 'widget.js' } } },
});
await build({
  ...shared, base: './', plugins: [plain, used],
  build: {
    ...output, cssCodeSplit: false,
    rolldownOptions: { input: `${root}src/app/main.tsx`, output: { format: 'es', entryFileNames: 'app.js', chunkFileNames: '[name].js', assetFileNames: 'app[extname]' } },
  },
});
copyFileSync(`${root}src/app/index.html`, `${out}/index.html`);
