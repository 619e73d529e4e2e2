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

/** Elements are made by the function that draws them anyway; the runtime for them would be a second one. */
const elements = { name: 'elements', enforce: 'pre', transform: (code, id) => (id.endsWith('.tsx') ? `import { h, Fragment } from '${root}src/app/draw.ts';\n${code}` : null) };

/** Tokens and parts serve the console too: what is not used here is left out, and the tokens get short names. */
const used = {
  name: 'used', enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const scripts = Object.values(bundle).map((chunk) => chunk.code ?? '').join('');
      for (const asset of Object.values(bundle)) {
        if (asset.fileName.endsWith('.css')) asset.source = shortened(withoutUnused(asset.source, scripts));
      }
    },
  },
};

function withoutUnused(css, scripts) {
  const word = (name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(scripts);
  const made = (name) => scripts.includes(`${name.replace(/([^-]*|\d)$/, '')}\${`);      // as in `face-${size}`
  const stands = (name) => word(name) || (/-|\d$/.test(name) && made(name));
  const meant = (selector) => [...selector.matchAll(/\.([a-z][\w-]*)/g)].every((found) => stands(found[1]));
  let out = css.replace(/(?<=[{}])([^{}@]+)\{[^{}]*\}/g, (rule, selectors) => (selectors.split(',').some(meant) ? rule : ''));
  for (let before = ''; before !== out;) {
    before = out;
    out = before.replace(/(--[a-z0-9-]+):[^;{}]+(?:;|(?=\}))/g, (rule, name) => (before.includes(`var(${name})`) ? rule : ''));
  }
  return out;
}

function shortened(css) {
  const names = [...new Set(css.match(/--[a-z0-9-]+/g))];
  return css.replace(/--[a-z0-9-]+/g, (name) => `--${names.indexOf(name).toString(36)}`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  ...shared, plugins: [ascii],
  build: { ...output, rolldownOptions: { input: `${root}src/loader/loader.ts`, output: { format: 'iife', entryFileNames: 'widget.js' } } },
});
await build({
  ...shared, base: './', plugins: [plain, elements, used], oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  build: {
    ...output, cssCodeSplit: false,
    rolldownOptions: { input: `${root}src/app/main.tsx`, output: { format: 'es', entryFileNames: 'app.js', chunkFileNames: '[name].js', assetFileNames: 'app[extname]' } },
  },
});
copyFileSync(`${root}src/app/index.html`, `${out}/index.html`);
