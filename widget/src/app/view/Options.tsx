import type { JSX } from 'preact';
import { choose, words } from '../desk.ts';
import type { Row } from '../rows.ts';

/** The bot's buttons. */
export function Options({ row }: { row: Extract<Row, { row: 'options' }> }): JSX.Element {
  return (
    <div class="options" role="group" aria-label={words.value.replies}>
      {row.options.map((o) => <button key={o.id} class="btn btn-quiet" type="button" onClick={() => choose(row.conversation, row.seq, o.id)}>{o.label}</button>)}
    </div>
  );
}
