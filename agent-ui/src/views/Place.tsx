import type { JSX } from 'preact';

import type { Talk } from '../state/model.ts';
import { placeIn } from '../state/place.ts';
import { useConsole } from './context.ts';

/** Of one that waits: which place it has in the line, and why. */
export function Place({ talk }: { talk: Talk }): JSX.Element | null {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.place;
  const spot = placeIn(talk, console.desk.value, texts);
  if (spot === null) return null;
  return (
    <section class={spot.raised ? 'place place-raised' : 'place'} aria-label={texts.lists.place}>
      <p><b>{spot.raised ? words.raised : spot.place === null ? words.waits : spot.place === 1 ? words.next : words.nth(spot.place, spot.of)}</b></p>
      <dl>{spot.facts.map(([word, value]) => <div key={word}><dt>{word}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}
