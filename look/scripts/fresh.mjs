// Builds both front ends into a temporary folder and compares them with what is committed. Exit 1 if they differ.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const list = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name).slice(dir.length + 1)).sort();
let stale = 0;
for (const part of ['widget', 'agent-ui']) {
  const script = `${root}${part}/scripts/build.mjs`;
  const dist = `${root}${part}/dist`;
  if (!existsSync(script) || !existsSync(dist)) continue;
  const temp = mkdtempSync(join(tmpdir(), 'kohta-fresh-'));
  const { status } = spawnSync(process.execPath, [script, '--out', temp], { stdio: 'inherit', cwd: `${root}${part}` });
  const names = new Set([...list(temp), ...list(dist)]);
  const differ = [...names].filter((n) => !existsSync(join(temp, n)) || !existsSync(join(dist, n)) || !readFileSync(join(temp, n)).equals(readFileSync(join(dist, n))));
  rmSync(temp, { recursive: true, force: true });
  if (status !== 0 || differ.length > 0) stale++;
  console.log(status !== 0 ? `${part}: does not build` : differ.length === 0 ? `${part}: fresh` : `${part}: stale: ${differ.join(', ')}; run npm run build -w ${part} and commit its dist`);
}
process.exit(stale ? 1 : 0);
