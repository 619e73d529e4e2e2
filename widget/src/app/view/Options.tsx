import type { JSX } from 'preact';
import { type Option } from '@kohta/client';
import { Icon, iClock, iClose, iMail, iPhone } from '@kohta/look';
import { choose } from '../desk.ts';
import type { Asking } from '../rows.ts';
import type { Spoken } from '../words.ts';

const ICONS: Record<string, string> = { call_back: iPhone, leave_message: iMail, cancel_call: iClose };

/** Buttons to answer with: the bot's, or the house's. */
export function Options({ row, house, t, lang }: Spoken & { row: Asking & { options: Option[] }; house?: boolean }): JSX.Element {
  return (
    <div class="options" role="group" aria-label={t.replies} lang={lang}>
      {row.options.map((o) => (
        <button key={o.id} class="btn btn-quiet" type="button" onClick={() => choose(row.conversation, row.seq, o.id)}>
          {house && <Icon d={ICONS[o.id] ?? iClock} />}{o.label}
        </button>
      ))}
    </div>
  );
}
