import type { JSX } from 'preact';
import { Icon, iRate1, iRate2, iRate3, iRate4, iRate5 } from '@kohta/look';
import { rate, unrate } from '../desk.ts';
import { rating } from '../ui.ts';
import type { Spoken } from '../words.ts';

const FACES = [iRate1, iRate2, iRate3, iRate4, iRate5];

/** How it went: asked once, at the end, and easily put off. */
export function Rate({ conversation, t, lang }: Spoken & { conversation: string }): JSX.Element {
  const names = [t.bad, t.poor, t.fair, t.good, t.great];
  const { score, comment } = rating.value;
  const give = (e: Event) => {
    e.preventDefault();
    if (score > 0) rate(conversation, score, comment);
  };
  return (
    <form class="card" onSubmit={give} aria-label={t.how} lang={lang}>
      <fieldset>
        <legend><h3>{t.how}</h3></legend>
        <div class="rate">
          {FACES.map((d, i) => (
            <label key={d}>
              <input type="radio" name="score" value={i + 1} checked={score === i + 1} onChange={() => { rating.value = { score: i + 1, comment }; }} />
              <Icon d={d} box={32} /><span class="vh vh-wide">{names[i]}</span>
            </label>
          ))}
        </div>
        <p class="rate-said" aria-hidden="true"><span>{t.bad}</span><span>{t.great}</span></p>
      </fieldset>
      {score > 0 && (
        <div class="field">
          <label for="comment">{t.more}</label>
          <textarea id="comment" rows={1} maxLength={2000} value={comment} onInput={(e) => { rating.value = { score, comment: e.currentTarget.value }; }} />
        </div>
      )}
      <div class="card-row">
        {score > 0 && <button class="btn btn-main" type="submit">{t.sendRating}</button>}
        <button class="btn btn-bare" type="button" onClick={() => unrate(conversation)}>{t.notNow}</button>
      </div>
    </form>
  );
}
