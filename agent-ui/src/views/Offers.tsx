import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { calledBy, Icon, iNote } from '@kohta/look';

import { wordOfSender } from '../state/hands.ts';
import type { Talk } from '../state/model.ts';
import { declineReasons, type Offer, secondsLeft } from '../state/offers.ts';
import { itemOf } from '../state/select.ts';
import { duration } from '../state/time.ts';
import { useConsole, useFollowing } from './context.ts';
import { Feel } from './parts.tsx';

/** Conversations held out to this agent, each with its answer and the time left. What comes is read out elsewhere, once. */
export function Offers(): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const box = useRef<HTMLElement>(null);
  const wanted = console.focus.value;
  useLayoutEffect(() => {
    if (wanted?.what === 'offers') box.current?.querySelector<HTMLElement>('.offer .btn')?.focus();
  }, [wanted]);
  useEffect(() => {
    // the lists leave as much room below as the cards cover
    const sizes = new ResizeObserver(() => box.current?.parentElement?.style.setProperty('--offers', `${box.current.offsetHeight}px`));
    if (box.current !== null) sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);
  return (
    <section class="offers" ref={box} aria-label={desk.offers.length > 0 ? console.texts.value.offer.title : undefined}>
      {desk.offers.map((offer) => {
        const talk = desk.talks[offer.conversation];
        return talk && <OfferCard key={offer.conversation} offer={offer} talk={talk} />;
      })}
    </section>
  );
}

function OfferCard({ offer, talk }: { offer: Offer; talk: Talk }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.offer;
  const item = itemOf(talk, console.desk.value, console.now.peek(), texts);
  const note = wordOfSender(talk.events);
  const from = calledBy(offer.from || console.desk.value.names[talk.snap.offer?.from ?? ''] || '');
  return (
    <div class={item.crisis ? 'offer offer-crisis' : 'offer'} role="group" aria-label={`${words.title}: ${item.name}`} data-offer={item.id}>
      <p class="offer-why"><span>{from === '' ? words.why : words.from(from)}</span> <Left until={offer.until} /></p>
      {note !== '' && <p class="offer-note"><Icon d={iNote} small /><span><b>{words.note(from)}</b> {note}</span></p>}
      <p><b>{item.name}</b> {item.reason !== '' && <span>{item.reason}</span>} <Feel feeling={item.feeling} /> {item.skills.map((skill) => <span key={skill} class="tag">{skill}</span>)}</p>
      {talk.snap.baton?.quote ? <p><q lang={talk.snap.language}>{talk.snap.baton.quote}</q></p> : item.said !== '' && <p class="soft" lang={item.saidIn}>{item.said}</p>}
      {console.declining.value === item.id ? <WhyNot id={item.id} /> : <Answers id={item.id} />}
    </div>
  );
}

function Answers({ id }: { id: string }): JSX.Element {
  const console = useConsole();
  const words = console.texts.value.offer;
  const busy = console.desk.value.sends.some((send) => send.conversation === id && (send.type === 'accept' || send.type === 'decline'));
  return (
    <div class="offer-acts">
      <button class="btn btn-person" type="button" aria-disabled={busy} aria-keyshortcuts="a" onClick={() => { if (!busy) console.accept(id); }}>{words.accept}</button>
      <button class="btn btn-bare" type="button" aria-disabled={busy} aria-keyshortcuts="d" onClick={() => { if (!busy) console.declining.value = id; }}>{words.decline}</button>
    </div>
  );
}

/** A reason by one press, or in own words, or none at all. */
function WhyNot({ id }: { id: string }): JSX.Element {
  const console = useConsole();
  const words = console.texts.value.offer;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('.btn')?.focus(), []);
  const back = (): void => {
    console.declining.value = null;
    console.wantFocus('offers');
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    console.decline(id, String(new FormData(form.current ?? undefined).get('reason') ?? ''));
  };
  return (
    <form ref={form} class="whynot" onSubmit={submit} onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); back(); } }}>
      <p id={`whynot-${id}`}><b>{words.whyNot}</b></p>
      <div class="whynot-list" role="group" aria-labelledby={`whynot-${id}`}>
        {declineReasons.map((reason) => <button key={reason} class="btn btn-quiet" type="button" onClick={() => console.decline(id, reason)}>{words.reasons[reason]}</button>)}
      </div>
      <label>{words.other}<input name="reason" type="text" maxLength={200} autocomplete="off" /></label>
      <div class="offer-acts">
        <button class="btn btn-quiet" type="submit">{words.decline}</button>
        <button class="btn btn-bare" type="button" onClick={back}>{words.back}</button>
      </div>
    </form>
  );
}

/** Steps of five seconds, and no numbers at the end: it can be read at a glance, and nothing runs. */
function Left({ until }: { until: number }): JSX.Element {
  const { now, texts } = useConsole();
  const words = useFollowing([until, now, texts], () => {
    const left = secondsLeft(until, now.value);
    return left === 0 ? texts.value.offer.leftFew : texts.value.offer.left(duration(left * 1000, texts.value));
  });
  return <small>{words}</small>;
}
