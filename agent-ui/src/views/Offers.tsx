import type { JSX } from 'preact';

import type { Talk } from '../state/model.ts';
import type { Offer } from '../state/offers.ts';
import { itemOf } from '../state/select.ts';
import { duration } from '../state/time.ts';
import { useConsole, useFollowing } from './context.ts';
import { Feel } from './parts.tsx';

/** Conversations held out to this agent, each with its answer and the time left. */
export function Offers(): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  return (
    <div class="offers" role="status">
      {desk.offers.map((offer) => {
        const talk = desk.talks[offer.conversation];
        return talk && <OfferCard key={offer.conversation} offer={offer} talk={talk} />;
      })}
    </div>
  );
}

function OfferCard({ offer, talk }: { offer: Offer; talk: Talk }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.offer;
  const item = itemOf(talk, console.desk.value, console.now.peek(), texts);
  const busy = console.desk.value.sends.some((send) => send.conversation === item.id && (send.type === 'accept' || send.type === 'decline'));
  return (
    <section class={item.crisis ? 'offer offer-crisis' : 'offer'} aria-label={words.title}>
      <p class="offer-why">{words.why} <Left until={offer.until} /></p>
      <p><b>{item.name}</b> {item.reason !== '' && <span>{item.reason}</span>} <Feel feeling={item.feeling} /></p>
      {talk.snap.baton?.quote ? <p><q>{talk.snap.baton.quote}</q></p> : item.said !== '' && <p class="soft">{item.said}</p>}
      <div class="offer-acts">
        <button class="btn btn-person" type="button" aria-disabled={busy} aria-keyshortcuts="a" onClick={() => console.accept(item.id)}>{words.accept}</button>
        <button class="btn btn-bare" type="button" aria-disabled={busy} aria-keyshortcuts="d" onClick={() => console.decline(item.id)}>{words.decline}</button>
      </div>
    </section>
  );
}

/** Not read out as it runs: the time stands apart from what is announced. */
function Left({ until }: { until: number }): JSX.Element {
  const { now, texts } = useConsole();
  const words = useFollowing([until, now, texts], () => texts.value.offer.left(duration(until - now.value, texts.value)));
  return <small aria-live="off">{words}</small>;
}
