import type { Baton } from '@kohta/client';
import { Icon, iClock, iDown, iFlag } from '@kohta/look';
import type { JSX } from 'preact';

import { batonOpen } from '../desk/console.ts';
import { type Course, courseOf } from '../state/course.ts';
import { whyHanded } from '../state/handed.ts';
import type { Talk } from '../state/model.ts';
import { fieldName } from '../state/names.ts';
import { stamp } from '../state/time.ts';
import { promisedWords, triedWords } from '../state/tried.ts';
import type { Texts } from '../texts/index.ts';
import { useConsole } from './context.ts';
import { Feel } from './parts.tsx';

/** What is handed over with the conversation, so that nothing is told twice. */
export function BatonCard({ talk, baton }: { talk: Talk; baton: Baton }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const id = talk.snap.conversation;
  const { language } = talk.snap;
  const open = batonOpen(talk, console.desk.value);
  // the element tells of every change, also of those that are not by hand
  const toggled = (now: boolean): void => { if (now !== open) console.baton(id, now); };
  const escalated = talk.events.findLast((event) => event.kind === 'escalated');
  const given = escalated?.at ?? talk.snap.since;
  // with little of feelings and of earlier visits to show, what was tried has its place beside the rest
  const beside = (baton.feelings ?? []).length < 2 && (baton.earlier ?? []).length === 0;
  return (
    <details class="baton" open={open} tabIndex={-1} onToggle={(event) => toggled(event.currentTarget.open)}>
      <summary aria-keyshortcuts="b">
        <Icon d={iFlag} /><b>{texts.baton.title}</b>
        <span>{[whyHanded(baton, escalated?.because, texts), given ? texts.baton.given(stamp(Date.parse(given), console.now.peek(), texts)) : ''].filter(Boolean).join(' ')}</span>
        <Icon d={iDown} />
        {baton.quote && <q lang={language}>{baton.quote}</q>}
      </summary>
      <div class="baton-in">
        <div>
          {baton.wants && baton.wants !== baton.quote && <section><h3>{texts.baton.wants}</h3><p lang={language}>{baton.wants}</p></section>}
          {!beside && <Tried tried={baton.tried ?? []} texts={texts} />}
          <Fields fields={baton.fields ?? {}} texts={texts} language={language} />
          <Promises promises={baton.promises ?? []} now={console.now.peek()} texts={texts} />
        </div>
        <div>
          <CourseOfFeeling feelings={baton.feelings ?? []} said={baton.quote ?? ''} texts={texts} language={language} />
          {beside && <Tried tried={baton.tried ?? []} texts={texts} />}
          <Earlier earlier={baton.earlier ?? []} now={console.now.peek()} texts={texts} />
        </div>
        {baton.suggestion && (
          <div class="suggest">
            <p><span class="vh">{texts.baton.suggestion} </span><span lang={language}>{baton.suggestion}</span></p>
            <button class="btn btn-person" type="button" onClick={() => console.suggest(id, baton.suggestion ?? '')}>{texts.baton.use}</button>
          </div>
        )}
      </div>
    </details>
  );
}

function Tried({ tried, texts }: { tried: readonly string[]; texts: Texts }): JSX.Element | null {
  if (tried.length === 0) return null;
  return <section><h3>{texts.baton.tried}</h3><ul class="tried" role="list">{tried.map((line) => <li key={line}>{triedWords(line, texts)}</li>)}</ul></section>;
}

function Fields({ fields, texts, language }: { fields: Readonly<Record<string, string>>; texts: Texts; language: string | undefined }): JSX.Element | null {
  const known = Object.entries(fields).filter(([, value]) => value !== '');
  if (known.length === 0) return null;
  return (
    <section>
      <h3>{texts.baton.fields}</h3>
      <dl class="facts">{known.map(([name, value]) => <><dt>{fieldName(name, texts)}</dt><dd lang={language}>{value}</dd></>)}</dl>
    </section>
  );
}

function Promises({ promises, now, texts }: { promises: readonly string[]; now: number; texts: Texts }): JSX.Element | null {
  if (promises.length === 0) return null;
  return (
    <section>
      <h3>{texts.baton.promises}</h3>
      {promises.map((promise) => <p key={promise} class="late"><Icon d={iClock} small /><span>{promisedWords(promise, now, texts)}</span></p>)}
    </section>
  );
}

function CourseOfFeeling({ feelings, said, texts, language }: { feelings: NonNullable<Baton['feelings']>; said: string; texts: Texts; language: string | undefined }): JSX.Element | null {
  const course = courseOf(feelings);
  if (course === null) return null;
  const drawn = course.line !== '';
  return (
    <section>
      <h3>{drawn ? texts.baton.course : texts.baton.felt}</h3>
      {drawn && <Water course={course} texts={texts} />}
      <ol class={drawn ? 'quotes' : 'quotes quotes-one'} role="list">
        {course.marks.map((mark) => <li key={mark.nr}>{drawn && <b>{mark.nr}</b>}<Feel feeling={mark.feeling} />{mark.quote !== '' && (drawn || mark.quote !== said) && <q lang={language}>{mark.quote}</q>}</li>)}
      </ol>
    </section>
  );
}

function Water({ course, texts }: { course: Course; texts: Texts }): JSX.Element {
  const word = (i: number): string => texts.feeling[course.marks.at(i)?.feeling ?? ''] ?? '';
  return (
    <svg class="course" viewBox={`0 0 340 ${course.height}`} role="img" aria-label={texts.baton.courseLabel(word(0), texts.feeling[course.worst] ?? '', word(-1))}>
      <path class="still" d="M4 16H318" />
      <path class="under" d={course.under} />
      <path class="path" d={course.line} />
      {course.marks.map((mark) => (
        <g key={mark.nr}>
          <circle cx={mark.x} cy={mark.y} r="4.5" class={mark.heavy ? 'heavy' : undefined} />
          <text x={mark.x + 8} y={mark.y < 40 ? mark.y - 5 : mark.y + 12}>{mark.nr}</text>
        </g>
      ))}
    </svg>
  );
}

function Earlier({ earlier, now, texts }: { earlier: NonNullable<Baton['earlier']>; now: number; texts: Texts }): JSX.Element | null {
  if (earlier.length === 0) return null;
  return (
    <section>
      <h3>{texts.baton.earlier}</h3>
      <ul class="earlier" role="list">
        {earlier.map((visit) => (
          <li key={visit.at}>
            <time dateTime={visit.at}>{stamp(Date.parse(visit.at), now, texts)}</time>
            <span>{[visit.about || texts.customer.unknown, texts.outcome[visit.outcome ?? ''], texts.feeling[visit.feeling ?? '']].filter(Boolean).join(', ')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
