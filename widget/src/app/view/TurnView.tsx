import type { JSX } from 'preact';
import { calledBy, Face, iBot, iCheck, iChecks, iClock, Icon, iWarn, Words } from '@kohta/look';
import type { Bubble, Mark, Turn } from '../rows.ts';
import type { Spoken } from '../words.ts';

/** One speaker's messages in a row, the name once. */
export function TurnView({ turn, t, lang }: Spoken & { turn: Turn }): JSX.Element {
  if (turn.who === 'person') {
    return (
      <div class="turn turn-person" lang={lang}>
        <Face name={turn.name} size="s" />
        <div class="said"><p class="by"><b>{calledBy(turn.name) || t.person}</b> <time>{turn.at}</time></p><Bubbles of={turn.bubbles} /></div>
      </div>
    );
  }
  if (turn.who === 'bot') {
    return (
      <div class="turn turn-bot" lang={lang}>
        <p class="by"><Icon d={iBot} small /><b>{t.bot}</b> <time>{turn.at}</time></p><Bubbles of={turn.bubbles} />
      </div>
    );
  }
  return (
    <div class="turn turn-me" lang={lang}>
      <span class="vh">{t.you}</span><Bubbles of={turn.bubbles} />{turn.mark && <MarkLine mark={turn.mark} />}
    </div>
  );
}

function Bubbles({ of }: { of: Bubble[] }): JSX.Element {
  return <>{of.map((b) => <p key={b.key} class={b.kept ? 'bubble bubble-kept' : 'bubble'}><Words text={b.text} /></p>)}</>;
}

const SIGNS = { sending: iClock, delivered: iCheck, read: iChecks, kept: iClock, failed: iWarn };

function MarkLine({ mark }: { mark: Mark }): JSX.Element {
  return <p class={`mark-line mark-${mark.sign}`}><Icon d={SIGNS[mark.sign]} small />{mark.text}</p>;
}
