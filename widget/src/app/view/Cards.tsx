import type { JSX } from 'preact';
import { calledBy, Dots, Face, Icon, iPhone, rangeShort, type Range } from '@kohta/look';
import { told } from '../notes.ts';
import type { House } from '../rows.ts';
import { HELP, type Spoken } from '../words.ts';
import { FormCard } from './FormCard.tsx';
import { Options } from './Options.tsx';

/** A person, met for the first time. */
export function Intro({ name, t, lang }: Spoken & { name: string }): JSX.Element {
  return <div class="intro" lang={lang}><Face name={name} size="l" /><p><b>{t.isPerson(calledBy(name))}</b>{t.seesAll}</p></div>;
}

/** Help by phone, when somebody may be in danger. */
export function Help({ held, t, lang }: Spoken & { held: boolean }): JSX.Element {
  return (
    <div class={held ? 'card help help-held' : 'card help'} lang={lang}>
      <h3>{t.helpTitle}</h3>
      <Call what={t.emergency} number="112" />
      <Call what={t.helpline} number={HELP[t.language]} />
    </div>
  );
}

function Call({ what, number }: { what: string; number: string }): JSX.Element {
  const dial = number.startsWith('0') ? `+358${number.slice(1).replaceAll(' ', '')}` : number;
  return <a class="call" href={`tel:${dial}`}><Icon d={iPhone} /><span>{what}</span><b>{number}</b></a>;
}

/** How the wait stands, and what else there is to choose: the house speaks, neither the bot nor a person. */
export function HouseCard({ row: { head, say, wait, fine, asks }, t, lang }: Spoken & { row: House }): JSX.Element {
  const { options, form } = asks ?? {};
  const at = asks && { key: `form.${asks.conversation}.${asks.seq}`, conversation: asks.conversation, seq: asks.seq };
  return (
    <div class="card house" lang={lang}>
      <h3>{head}</h3>
      {say && <p class="est">{say}</p>}
      {wait && <Rail r={told(wait)} now={t.now} />}
      {at && form && <FormCard row={{ ...at, form }} t={t} house />}
      {at && options?.[0] && <Options row={{ ...at, options }} t={t} house />}
      {fine && <p class="fine">{fine}</p>}
    </div>
  );
}

/** The wait as a band on a line that begins now. The words above say the same. */
function Rail({ r, now }: { r: Range; now: string }): JSX.Element {
  const scale = 260 / Math.max(r.high * 1.4, 1);
  const [from, to] = [32 + r.low * scale, 32 + r.high * scale];
  const middle = Math.max((from + to) / 2, 76);
  return (
    <svg class="range" viewBox="0 0 300 38" aria-hidden="true">
      <path class="rail" d="M8 12H292" /><path class="band" d={`M${from.toFixed(1)} 12H${to.toFixed(1)}`} /><circle class="now" cx="20" cy="12" r="7" />
      <text x="20" y="34" text-anchor="middle">{now}</text>
      <text x={middle.toFixed(1)} y="34" text-anchor="middle">{rangeShort(r)}</text>
    </svg>
  );
}

export function Typing({ name, t, lang }: Spoken & { name: string }): JSX.Element {
  return (
    <p class="typing" lang={lang}><Face name={name} size="s" /><span>{t.typing(calledBy(name) || t.person)}</span><Dots /></p>
  );
}
