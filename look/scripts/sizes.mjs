// Checks what a customer or an agent downloads, compressed with gzip, against the budgets. Exit 1 if one is passed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../', import.meta.url));
const size = (file) => gzipSync(readFileSync(`${root}${file}`), { level: 9 }).length;
const words = ['fi', 'sv', 'en'].map((l) => size(`widget/dist/${l}.js`));

/** The frame with the words of one language: the others are not fetched. */
const frame = ['index.html', 'app.js', 'app.css'].reduce((sum, f) => sum + size(`widget/dist/${f}`), Math.max(...words));
const budgets = [['loader', size('widget/dist/widget.js'), 3], ['widget frame', frame, 30]];
if (existsSync(`${root}agent-ui/dist/index.html`)) {
  const files = readdirSync(`${root}agent-ui/dist`, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
  budgets.push(['console', files.reduce((sum, f) => sum + size(`${f.parentPath.slice(root.length)}/${f.name}`), 0), 120]);
}
let over = 0;
for (const [name, bytes, most] of budgets) {
  const bad = bytes > most * 1024;
  if (bad) over++;
  console.log(`${bad ? 'OVER' : 'ok  '} ${name}: ${(bytes / 1024).toFixed(1)} KB of ${most}`);
}
process.exit(over ? 1 : 0);
