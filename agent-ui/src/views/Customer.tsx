import { useSignal } from '@preact/signals';
import { calledBy, Icon, iDevice, initials, iPerson } from '@kohta/look';
import type { FeelingName } from '@kohta/client';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import type { Visit } from '../desk/rest.ts';
import type { Talk } from '../state/model.ts';
import { customerName, shortId } from '../state/names.ts';
import { promiseOf, reach, toldOf } from '../state/known.ts';
import { pagesOf } from '../state/pages.ts';
import { dayOfYear, firstSeen, stamp } from '../state/time.ts';
import { byYear } from '../state/years.ts';
import type { Texts } from '../texts/index.ts';
import { useConsole } from './context.ts';
import { Feel } from './parts.tsx';

/** Who the customer is, where they are on the site, and the whole of what was before. */
export function Customer(): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const talk = desk.selected === null ? undefined : desk.talks[desk.selected];
  return (
    <section class={desk.custOpen ? 'cust cust-shown' : 'cust'} id="cust" aria-label={texts.customer.title} tabIndex={0}>
      {talk === undefined && <p class="fine">{texts.talk.none}</p>}
      {talk && <Who key={talk.snap.conversation} talk={talk} texts={texts} />}
      {talk?.snap.visitor && <History key={talk.snap.visitor.id} visitor={talk.snap.visitor.id} open={talk.snap.conversation} />}
    </section>
  );
}

function Who({ talk, texts }: { talk: Talk; texts: Texts }): JSX.Element {
  const console = useConsole();
  const { snap } = talk;
  const name = customerName(snap, texts);
  const since = snap.visitor?.first_seen;
  const pages = pagesOf(talk.events);
  const facts: (readonly [string, string])[] = [
    ...reach(snap, texts),
    [texts.customer.promise, promiseOf(snap, console.now.value, texts)],
    [texts.customer.told, toldOf(talk, console.now.value, texts)],
    [texts.customer.language, texts.customer.languageName[snap.language ?? ''] ?? snap.language ?? ''],
    [texts.customer.team, console.teams.value[snap.team ?? ''] ?? snap.team ?? ''],
    [texts.customer.rating, snap.rating ? `${snap.rating.survey.toUpperCase()} ${snap.rating.score}` : ''],
    [texts.customer.id, shortId(snap.visitor?.id ?? snap.conversation)],
  ];
  return (
    <>
      <div class="cust-head">
        <span class="face face-me face-l" aria-hidden="true">{snap.visitor?.name ? initials(snap.visitor.name) : <Icon d={iPerson} />}</span>
        <div><h2>{name}</h2>{since && <p>{firstSeen(Date.parse(since), console.now.peek(), texts)}</p>}</div>
      </div>
      <dl class="facts">{facts.filter(([, value]) => value !== '').map(([word, value]) => <><dt>{word}</dt><dd>{value}</dd></>)}</dl>
      {pages.length > 0 && (
        <section>
          <h3><Icon d={iDevice} small />{texts.customer.now}</h3>
          <ol class="steps" role="list">
            {pages.map((page) => <li key={page.seq}><span>{page.title}</span><time dateTime={new Date(page.at).toISOString()}>{stamp(page.at, console.now.peek(), texts)}</time></li>)}
          </ol>
        </section>
      )}
    </>
  );
}

type Fetched =
  | { readonly name: 'busy' }
  | { readonly name: 'here'; readonly visits: readonly Visit[]; readonly next: string | null }
  | { readonly name: 'failed'; readonly visits: readonly Visit[]; readonly next: string | null };

function History({ visitor, open }: { visitor: string; open: string }): JSX.Element {
  const { rest, texts } = useConsole();
  const fetched = useSignal<Fetched>({ name: 'busy' });
  const words = texts.value.customer;
  const load = async (before: readonly Visit[], after: string | null): Promise<void> => {
    const result = await rest.visits(visitor, after);
    fetched.value = result.ok
      ? { name: 'here', visits: [...before, ...result.value.items], next: result.value.next }
      : { name: 'failed', visits: before, next: after };
  };
  useEffect(() => void load([], null), [visitor]);
  const now = fetched.value;
  if (now.name === 'busy') return <section class="years" aria-busy="true"><h3>{words.history}</h3></section>;
  const years = byYear(now.visits);
  return (
    <section class="years">
      <h3>{words.history}</h3>
      {years.length === 0 && now.name === 'here' && <p class="fine">{words.noHistory}</p>}
      {years.map(({ year, visits }) => (
        <div key={year}>
          <h4>{year}</h4>
          {visits.map((visit) => <VisitView key={visit.conversation} visit={visit} current={visit.conversation === open} texts={texts.value} />)}
        </div>
      ))}
      {now.name === 'failed' && <p class="fine">{texts.value.notice.listFailed}</p>}
      {(now.name === 'failed' || now.next !== null) && (
        <button class="btn btn-quiet" type="button" onClick={() => void load(now.visits, now.next)}>{now.name === 'failed' ? texts.value.notice.retry : words.older}</button>
      )}
    </section>
  );
}

function VisitView({ visit, current, texts }: { visit: Visit; current: boolean; texts: Texts }): JSX.Element {
  const solved = visit.outcome === 'resolved' && visit.agent !== '';
  const outcome = current ? texts.customer.current : solved ? texts.outcomeBy(calledBy(visit.agent)) : texts.outcome[visit.outcome] ?? '';
  const at = Date.parse(visit.opened_at);
  return (
    <article>
      <time dateTime={visit.opened_at}>{Number.isFinite(at) ? dayOfYear(at, texts) : ''}</time>
      <p><b>{visit.about || texts.customer.unknown}</b></p>
      <p class="out">
        <Feel feeling={texts.feeling[visit.feeling] === undefined ? null : (visit.feeling as FeelingName)} />
        {outcome !== '' && <span>{outcome}</span>}
        {visit.rating && <span>{`${visit.rating.survey.toUpperCase()} ${visit.rating.score}`}</span>}
      </p>
      {visit.quote !== '' && <p><q>{visit.quote}</q></p>}
    </article>
  );
}
