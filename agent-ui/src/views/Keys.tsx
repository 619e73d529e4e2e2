import type { JSX } from 'preact';

import { type Act, letters } from '../state/keys.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';

export function Keys(): JSX.Element {
  const { texts } = useConsole();
  const words = texts.value.keys;
  const of = (act: Act): string => letters.find((letter) => letter.act === act)?.key ?? '';
  const rows: readonly (readonly [readonly string[], string])[] = [
    [[of('next'), of('previous')], words.move],
    ...letters.filter(({ act }) => act !== 'next' && act !== 'previous').map(({ key, act }) =>
      [act === 'command' ? [key, 'Ctrl K'] : [key], words[act as Exclude<Act, 'next' | 'previous'>]] as const),
    [['Ctrl Enter'], words.send],
    [['Esc'], words.leave],
  ];
  return (
    <Dialog name="keys" title={words.title}>
      <dl class="keys">{rows.map(([keys, what]) => <><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{what}</dd></>)}</dl>
      <p class="soft">{words.off}</p>
    </Dialog>
  );
}
