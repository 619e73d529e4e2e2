import type { ComponentChildren, JSX } from 'preact';
import { type Language } from '@kohta/look';
import { end, state, stopLetters, view, words } from '../desk.ts';
import { link } from '../link.ts';
import { choose, prefs, SIZES } from '../prefs.ts';
import { current } from '../state.ts';

const NAMES: [Language, string][] = [['fi', 'Suomi'], ['sv', 'Svenska'], ['en', 'English']];

/** The customer's own settings. They hold at once. */
export function Settings(): JSX.Element {
  const { language, size, contrast, sound } = prefs.value;
  const t = words.value;
  const sizes = [t.small, t.normal, t.large, t.huge];
  const talk = current(state.value);
  return (
    <div class="settings" role="group" tabIndex={0} aria-label={t.settings}>
      <Choice legend={t.languageName}>
        {NAMES.map(([l, name]) => (
          <label key={l} lang={l}><input type="radio" name="language" checked={l === language} onChange={() => choose({ language: l })} />{name}</label>
        ))}
      </Choice>
      <Choice legend={t.size}>
        {SIZES.map((s, i) => (
          <label key={s}>
            <input type="radio" name="size" checked={s === size} onChange={() => choose({ size: s })} />
            <span class={`a${i + 1}`} aria-hidden="true">A</span><span class="vh">{sizes[i]}</span>
          </label>
        ))}
      </Choice>
      <Choice legend={t.contrast}>
        <label><input type="radio" name="contrast" checked={contrast === 'normal'} onChange={() => choose({ contrast: 'normal' })} />{t.normal}</label>
        <label><input type="radio" name="contrast" checked={contrast === 'more'} onChange={() => choose({ contrast: 'more' })} />{t.strong}</label>
      </Choice>
      <div class="switch">
        <label for="sound"><b>{t.sound}</b></label>
        <input id="sound" type="checkbox" role="switch" checked={sound} aria-describedby="sound-when" onChange={(e) => choose({ sound: e.currentTarget.checked })} />
        <small id="sound-when">{t.soundWhen}</small>
      </div>
      {talk && talk.snapshot.state !== 'closed' && (
        <div class="ending">
          <button class="btn btn-quiet" type="button" aria-describedby="end-note" onClick={() => { end(); view.value = 'chat'; }}>{t.end}</button>
          <small id="end-note">{t.endNote}</small>
        </div>
      )}
      {link() && (
        <div class="ending">
          <button class="btn btn-quiet" type="button" aria-describedby="stop-note" onClick={stop}>{t.stop}</button>
          <small id="stop-note">{t.stopNote}</small>
        </div>
      )}
    </div>
  );
}

async function stop({ currentTarget: button }: { currentTarget: HTMLElement }): Promise<void> {
  if (!await stopLetters()) button.textContent = words.value.again;
}

function Choice({ legend, children }: { legend: string; children: ComponentChildren }): JSX.Element {
  return <fieldset class="field"><legend>{legend}</legend><div class="seg">{children}</div></fieldset>;
}
