import type { JSX } from 'preact';
import { iDown, Icon } from '@kohta/look';
import { known, now, state, words, wordsIn } from '../desk.ts';
import { rows, type Row } from '../rows.ts';
import { atEnd, filled, news, rating, slow } from '../ui.ts';
import { Help, HouseCard, Intro, Typing } from './Cards.tsx';
import { FormCard } from './FormCard.tsx';
import { Options } from './Options.tsx';
import { Rate } from './Rate.tsx';
import { TurnView } from './TurnView.tsx';

/** The conversation. It rests at the newest; who has scrolled up is told of news, and not moved. */
export function Log(): JSX.Element {
  const t = words.value;
  const { ready, offline } = state.value;
  const lines = drawn();
  const still = slow.value && !ready && !offline && lines.length === 0;
  return (
    <div class="log-box">
      <div class="log" role="log" aria-live="off" aria-label={t.log} tabIndex={0} ref={hold} onScroll={scrolled}>
        <div class="log-in">{still ? <Still /> : lines}</div>
      </div>
      {news.value && <button class="btn btn-quiet news" type="button" onClick={toEnd}><Icon d={iDown} small />{t.newMessages}</button>}
    </div>
  );
}

let seen: readonly unknown[] = [];
let shown: readonly Row[] = [];
let views: JSX.Element[] = [];

/** The rows, made and drawn anew only when something that they show has changed. */
function drawn(): JSX.Element[] {
  const next = [state.value, words.value, known.value, now.value, rating.value, filled.value];
  if (next.every((v, i) => v === seen[i])) return views;
  seen = next;
  shown = rows(state.value, wordsIn, now.value);
  views = shown.map((r) => <RowView key={r.key} r={r} />);
  return views;
}

function RowView({ r }: { r: Row }): JSX.Element {
  const t = wordsIn(r.lang);
  const lang = r.lang === words.value.language ? undefined : r.lang;
  switch (r.row) {
    case 'day': return <p class="day" lang={lang}>{r.text}</p>;
    case 'note': return <p class={r.warm ? 'line-note line-note-person' : 'line-note'} lang={lang}><span>{r.text}</span></p>;
    case 'turn': return <TurnView turn={r} t={t} lang={lang} />;
    case 'intro': return <Intro name={r.name} t={t} lang={lang} />;
    case 'help': return <Help held={r.held} t={t} lang={lang} />;
    case 'options': return <Options row={r} t={t} lang={lang} />;
    case 'form': return <FormCard row={r} t={t} lang={lang} />;
    case 'house': return <HouseCard row={r} t={t} lang={lang} />;
    case 'rate': return <Rate conversation={r.conversation} t={t} lang={lang} />;
    case 'typing': return <Typing name={r.name} t={t} lang={lang} />;
  }
}

/** Still grey lines, while the past is read. */
function Still(): JSX.Element {
  return <div class="still"><span class="vh">{words.value.loading}</span><i /><i /><i /></div>;
}

// ---- where the log rests

const NEAR = 48;
let box: HTMLDivElement | null = null;
let tall = 0;
let told = 0;              // lines that have come
const sizes = new ResizeObserver(() => { if (atEnd.value) toEnd(); });

function hold(b: HTMLDivElement | null): void {
  sizes.disconnect();
  box = b;
  tall = 0;
  atEnd.value = true;
  for (const sized of b ? [b, ...b.children] : []) sizes.observe(sized);
}

function toEnd(): void {
  box?.scrollTo({ top: box.scrollHeight });
  news.value = false;
}

function scrolled(): void {
  if (!box) return;
  atEnd.value = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  if (atEnd.value) news.value = false;
}

/** After each drawing: stays at the end, or says that there is more below. */
export function rest(): void {
  if (!box || box.scrollHeight === tall) return;
  const lines = Object.values(state.value.talks).reduce((sum, talk) => sum + talk.events.length, 0);
  const grown = lines > told && tall > 0;
  [tall, told] = [box.scrollHeight, lines];
  const last = shown.at(-1);
  const mine = last?.row === 'turn' && last.mark?.sign === 'sending';
  if (atEnd.value || mine) toEnd();
  else if (grown) news.value = true;
}
