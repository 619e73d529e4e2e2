// Type-checks every part of the front end, strictly. Exit 1 if one of them has a fault.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const projects = [
  'wire/client', 'wire/client/browser', 'wire/client/test', 'look', 'look/test', 'widget', 'widget/src/loader', 'widget/test',
  'agent-ui', 'agent-ui/test', 'e2e',
];
let bad = 0;
for (const project of projects) {
  if (!existsSync(`${root}${project}/tsconfig.json`)) continue;
  const { status } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}${project}`], { stdio: 'inherit', cwd: root });
  console.log(`${status === 0 ? 'ok ' : 'BAD'} ${project}`);
  if (status !== 0) bad++;
}
process.exit(bad ? 1 : 0);
