import type { JSX } from 'preact';
import { type Option } from '@kohta/client';
import { Icon, iClock, iClose, iMail, iPhone } from '@kohta/look';
import { choose, words } from '../desk.ts';
import type { Asking } from '../rows.ts';

const ICONS: Record<string, string> = { call_back: iPhone, leave_message: iMail, cancel_call: iClose };

/** Buttons to answer with: the bot's, or the house's. */
export function Options({ row, house }: { row: Asking & { options: Option[] }; house?: boolean }): JSX.Element {
  return (
    <div class="options" role="group" aria-label={words.value.replies}>
      {row.options.map((o) => (
        <button key={o.id} class="btn btn-quiet" type="button" onClick={() => choose(row.conversation, row.seq, o.id)}>
          {house && <Icon d={ICONS[o.id] ?? iClock} />}{o.label}
        </button>
      ))}
    </div>
  );
}
