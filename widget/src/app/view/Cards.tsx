import type { JSX } from 'preact';
import { calledBy, Dots, Face, Icon, iPhone, range, rangeShort, type Range } from '@kohta/look';
import type { Wait } from '@kohta/client';
import { words } from '../desk.ts';
import { waitLine } from '../notes.ts';
import { HELP } from '../words.ts';

/** A person, met for the first time. */
export function Intro({ name }: { name: string }): JSX.Element {
  const t = words.value;
  return <div class="intro"><Face name={name} size="l" /><p><b>{t.isPerson(calledBy(name))}</b>{t.seesAll}</p></div>;
}

/** Help by phone, when somebody may be in danger. */
export function Help(): JSX.Element {
  const t = words.value;
  return (
    <div class="card help">
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

/** The place in the line, and the wait as far as it can honestly be told. */
export function Line({ position, wait }: { position: number | null; wait: Wait | null }): JSX.Element {
  const t = words.value;
  const r = wait && range(wait.low_s, wait.high_s);
  return (
    <div class="card coming">
      <p class="place">{position ? t.place(position) : t.inLine}</p>
      <p class="est">{waitLine(wait, t)}</p>
      {r && <Rail r={r} />}
      <p class="fine">{t.mayClose}</p>
    </div>
  );
}

/** The wait as a band on a line that begins now. The words above say the same. */
function Rail({ r }: { r: Range }): JSX.Element {
  const scale = 260 / Math.max(r.high * 1.4, 1);
  const [from, to] = [32 + r.low * scale, 32 + r.high * scale];
  const middle = Math.max((from + to) / 2, 76);
  return (
    <svg class="range" viewBox="0 0 300 38" aria-hidden="true">
      <path class="rail" d="M8 12H292" /><path class="band" d={`M${from.toFixed(1)} 12H${to.toFixed(1)}`} /><circle class="now" cx="20" cy="12" r="7" />
      <text x="20" y="34" text-anchor="middle">{words.value.now}</text>
      <text x={middle.toFixed(1)} y="34" text-anchor="middle">{rangeShort(r)}</text>
    </svg>
  );
}

export function Typing({ name }: { name: string }): JSX.Element {
  return (
    <p class="typing"><Face name={name} size="s" /><span>{words.value.typing(calledBy(name) || words.value.person)}</span><Dots /></p>
  );
}
