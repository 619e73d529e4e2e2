import type { JSX } from 'preact';
import { Face, iBack, iClose, IconButton, iSliders, Mark } from '@kohta/look';
import { close, now, settings, state, view, words } from '../desk.ts';
import { alone } from '../link.ts';
import { who, type Who } from '../who.ts';

/** Who is talking, by name and face; over the settings, the way back. */
export function Head(): JSX.Element {
  const t = words.value;
  if (view.value === 'settings') {
    return (
      <header class="who who-bot">
        <IconButton d={iBack} label={t.backToChat} id="back" onClick={() => settings(false)} />
        <div class="who-text"><h2>{t.settings}</h2></div>
        {!alone && <IconButton d={iClose} label={t.closeChat} onClick={close} />}
      </header>
    );
  }
  const w = who(state.value, t, now.value);
  return (
    <header class={`who who-${w.kind}`}>
      <WhoFace who={w} />
      <div class="who-text"><h2>{w.name}</h2><p>{w.line}</p></div>
      <IconButton d={iSliders} label={t.settings} id="settings" onClick={() => settings(true)} />
      {!alone && <IconButton d={iClose} label={t.closeChat} onClick={close} />}
    </header>
  );
}

function WhoFace({ who: w }: { who: Who }): JSX.Element {
  if (w.kind === 'line') return <Mark />;
  return <Face name={w.kind === 'person' ? w.name : null} here={w.here} />;
}
