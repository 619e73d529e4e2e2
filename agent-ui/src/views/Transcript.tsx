import { useSignal } from '@preact/signals';
import { calledBy, Dots, Icon, iBot, iCheck, iChecks, iClock, iDevice, iDown, iNote, Words } from '@kohta/look';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { batonOpen } from '../desk/console.ts';
import type { Talk } from '../state/model.ts';
import { customerName, fieldName } from '../state/names.ts';
import { newestWord } from '../state/talks.ts';
import { stamp } from '../state/time.ts';
import { type Block, type Mark, type Said, span, transcript } from '../state/transcript.ts';
import { useConsole, useFollowing } from './context.ts';
import { Feel } from './parts.tsx';

const nearEnd = 40;

/** The log rests at the newest. Away from there it stays where it is, and a button tells that there is more. */
export function Transcript({ talk }: { talk: Talk }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const desk = console.desk.value;
  const id = talk.snap.conversation;
  const sends = desk.sends.filter((send) => send.conversation === id && (send.type === 'post' || send.type === 'note'));
  const blocks = transcript(talk, desk.me, sends, desk.link.state === 'online', console.now.peek(), texts, console.teams.value);
  const loading = !talk.fetched && talk.events.length < talk.snap.head;
  const { log, away, toEnd } = useRest(() => console.seen(id), loading ? null : newestWord(talk), talk.events.length, sends.at(-1)?.key, talk.snap.baton != null && batonOpen(talk, desk));
  return (
    <div class="talk-mid">
      <div class="talk-log" ref={log} tabIndex={0} role="log" aria-label={texts.talk.log} aria-relevant="additions" aria-busy={loading}>
        <div class="talk-in">
          {loading && talk.events.length === 0 ? <Greys label={texts.talk.loading} /> : blocks.map((block) => <BlockView key={block.id} block={block} talk={talk} />)}
        </div>
      </div>
      {away.value && <button class="btn btn-quiet newer" type="button" onClick={toEnd}><Icon d={iDown} small />{texts.talk.newMessages}</button>}
      <Typing talk={talk} />
    </div>
  );
}

/**
 * Tells when the newest is on the screen, and when something newer has come below. `sent`: the key of what was written
 * here last; who writes goes to the newest. `newest`: the position of the last words, null until the log has been fetched,
 * as what is only fetched is not new. `fromStart`: the baton stands first, and where it scrolls with the log it is
 * not scrolled past.
 */
function useRest(seen: () => void, newest: number | null, count: number, sent: string | undefined, fromStart: boolean) {
  const log = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  const rested = useRef(!fromStart);
  const told = useRef(newest);
  const wrote = useRef(sent);
  const look = (): void => {
    if (log.current === null) return;
    rested.current = fromEnd(log.current) < nearEnd;
    if (!rested.current) return;
    away.value = false;
    if (document.visibilityState === 'visible' && document.hasFocus() && log.current.offsetParent !== null) seen();
  };
  const toEnd = (): void => {
    if (log.current !== null) scrollToEnd(log.current);
    look();
  };
  useEffect(() => {
    if (rested.current) toEnd();
    else look();
    if (!rested.current && told.current !== null && newest !== null && newest > told.current) away.value = true;
    told.current = newest;
  }, [count, newest]);
  useEffect(() => {
    if (sent !== undefined && sent !== wrote.current) toEnd();
    wrote.current = sent;
  }, [sent]);
  useEffect(() => {
    // at another width the log stands in another scroller, and lines break anew: who was at the newest stays there
    const sizes = new ResizeObserver(() => { if (rested.current) toEnd(); });
    if (log.current !== null) sizes.observe(log.current);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => {
    const scroller = log.current === null ? null : scrollerOf(log.current);
    scroller?.addEventListener('scroll', look, { passive: true });
    document.addEventListener('visibilitychange', look);
    addEventListener('focus', look);
    return () => {
      scroller?.removeEventListener('scroll', look);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('focus', look);
    };
  });
  return { log, away, toEnd };
}

/** On a narrow screen the whole conversation scrolls, else the log, which begins at its end. */
function scrollerOf(log: HTMLElement): HTMLElement {
  const whole = log.closest<HTMLElement>('.talk');
  return whole !== null && getComputedStyle(log).overflowY === 'visible' ? whole : log;
}

function fromEnd(log: HTMLElement): number {
  const scroller = scrollerOf(log);
  return scroller === log ? Math.abs(log.scrollTop) : scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
}

function scrollToEnd(log: HTMLElement): void {
  const scroller = scrollerOf(log);
  scroller.scrollTop = scroller === log ? 0 : scroller.scrollHeight;
}

function Greys({ label }: { label: string }): JSX.Element {
  return <div class="greys" role="img" aria-label={label}><i /><i /><i /></div>;
}

function BlockView({ block, talk }: { block: Block; talk: Talk }): JSX.Element {
  const { texts, now } = useConsole();
  switch (block.sort) {
    case 'fold':
      return (
        <details class="folded">
          <summary><Icon d={iBot} small />{texts.value.talk.folded(calledBy(customerName(talk.snap, texts.value)), block.count, span(block.from, block.to, texts.value))}</summary>
          <div class="unfolded">{block.blocks.map((inner) => <BlockView key={inner.id} block={inner} talk={talk} />)}</div>
        </details>
      );
    case 'line': {
      const time = <time dateTime={new Date(block.at).toISOString()}>{stamp(block.at, now.peek(), texts.value)}</time>;
      const ownClock = /\d$/.test(block.text); // two times side by side would read as one
      return (
        <>
          <p class={block.person ? 'line-note line-person' : 'line-note'}><span>{ownClock ? <>{time} {block.text}</> : <>{block.text} {time}</>}</span></p>
          {block.quote !== '' && <p class="line-quote"><q lang={talk.snap.language}>{block.quote}</q></p>}
          {block.why.length > 0 && <p class="line-why">{texts.value.talk.why}: {block.why.join('; ')}</p>}
        </>
      );
    }
    case 'turn': return <Turn block={block} talk={talk} />;
  }
}

function Turn({ block, talk }: { block: Extract<Block, { sort: 'turn' }>; talk: Talk }): JSX.Element {
  const { texts, now } = useConsole();
  const words = texts.value.talk;
  const classes = { customer: 'turn-cust', me: 'turn-own', colleague: 'turn-own turn-other', bot: 'turn-bot', note: 'turn-note' };
  const at = <time dateTime={new Date(block.at).toISOString()}>{stamp(block.at, now.peek(), texts.value)}</time>;
  const pending = block.mark === 'sending' || block.mark === 'kept';
  const by = {
    customer: <><b>{calledBy(block.name) || customerName(talk.snap, texts.value)}</b> {at}</>,
    me: <>{words.you} {at}</>,
    colleague: <><b>{block.name}</b> {at}</>,
    bot: <><Icon d={iBot} small /><b>{words.bot}</b> {at}</>,
    note: <><Icon d={iNote} small /><b>{words.note}</b> {words.noteBy(block.name)} {at}</>,
  }[block.voice];
  return (
    <div class={`turn ${classes[block.voice]}${pending ? ' turn-pending' : ''}`}>
      <p class="by">{by}</p>
      {block.said.map((said) => <Bubble key={said.id} said={said} language={block.voice === 'note' ? undefined : talk.snap.language} />)}
      {block.mark !== null && <MarkLine mark={block.mark} />}
    </div>
  );
}

/** The words are of the conversation's language, what the console says about them is of its own. */
function Bubble({ said, language }: { said: Said; language: string | undefined }): JSX.Element {
  const texts = useConsole().texts.value;
  const words = texts.talk;
  return (
    <>
      {said.page && <Aside><Icon d={iDevice} small />{words.page}: <span class="page" lang={language}>{said.page.title || said.page.url}</span></Aside>}
      {said.text !== '' && <p class="bubble" lang={language}><Words text={said.text} /></p>}
      {said.answers.length > 0 && <dl class="facts form-answers">{said.answers.map(([name, value]) => <><dt>{fieldName(name, texts)}</dt><dd lang={language}>{value}</dd></>)}</dl>}
      {said.options.length > 0 && <Aside>{words.options}: {said.options.map((option) => <span key={option.id} class="tag" lang={language}>{option.label}</span>)}</Aside>}
      {said.form && <Aside>{words.form}: {said.form.fields.map((field) => <span key={field.name} class="tag" lang={language}>{field.label}</span>)}</Aside>}
      {said.why.length > 0 && <Aside>{words.why}: {said.why.join('; ')}</Aside>}
      {said.chosen && <Aside>{words.chose}</Aside>}
      {said.feeling !== null && said.feeling !== 'calm' && <Aside><Feel feeling={said.feeling} /></Aside>}
    </>
  );
}

function Aside({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="mark-line">{children}</p>;
}

function MarkLine({ mark }: { mark: Mark }): JSX.Element {
  const words = useConsole().texts.value.talk;
  switch (mark) {
    case 'sending': return <p class="mark-line"><Icon d={iClock} small />{words.sending}</p>;
    case 'kept': return <p class="mark-line"><Icon d={iClock} small />{words.kept}</p>;
    case 'delivered': return <p class="mark-line"><Icon d={iCheck} small />{words.delivered}</p>;
    case 'read': return <p class="mark-line"><Icon d={iChecks} small />{words.read('')}</p>;
  }
}

function Typing({ talk }: { talk: Talk }): JSX.Element {
  const { now, texts } = useConsole();
  const until = talk.typing?.until ?? 0;
  const live = useFollowing([until, now], () => now.value < until);
  const name = talk.typing?.role === 'visitor' ? calledBy(customerName(talk.snap, texts.value)) : calledBy(talk.typing?.name ?? '');
  return <p class="typing" role="status">{until > 0 && live.value && <><Dots /> {texts.value.talk.typing(name || texts.value.visitor)}</>}</p>;
}

