import { Icon, iBack, iCheck, iDown, iMoon, iPeople, iPerson, iTransfer } from '@kohta/look';
import type { JSX } from 'preact';

import { actsOf, justTaken, type TalkAct } from '../state/acts.ts';
import type { Desk, Talk } from '../state/model.ts';
import { customerName } from '../state/names.ts';
import { customerAt } from '../state/owed.ts';
import { itemOf } from '../state/select.ts';
import { ownerOf } from '../state/talks.ts';
import { ahead, duration } from '../state/time.ts';
import type { Texts } from '../texts/index.ts';
import { BatonCard } from './Baton.tsx';
import { Composer } from './Composer.tsx';
import { useConsole, useFollowing } from './context.ts';
import { iMore } from './icons.ts';
import { Notices } from './Notices.tsx';
import { Feel, Menu, Ring } from './parts.tsx';
import { Place } from './Place.tsx';
import { Transcript } from './Transcript.tsx';

export function TalkView(): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const words = console.texts.value.talk;
  const talk = desk.selected === null ? undefined : desk.talks[desk.selected];
  if (talk === undefined) {
    return (
      <section class="talk talk-none" id="talk" tabIndex={-1} aria-label={console.texts.value.bar.talk}>
        {desk.me !== null && <><p>{words.none}</p><p class="soft">{words.noneHint}</p></>}
      </section>
    );
  }
  return (
    <section class="talk" id="talk" tabIndex={-1} aria-labelledby="talk-name">
      <Head talk={talk} desk={desk} />
      <Place talk={talk} />
      {talk.snap.baton && <BatonCard key={talk.snap.conversation} talk={talk} baton={talk.snap.baton} />}
      <Transcript key={`t${talk.snap.conversation}`} talk={talk} />
      <Notices talk={talk} />
      <Composer key={`c${talk.snap.conversation}`} talk={talk} />
    </section>
  );
}

function Head({ talk, desk }: { talk: Talk; desk: Desk }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const { snap } = talk;
  const at = customerAt(talk);
  const crisis = snap.reason === 'crisis' || snap.feeling === 'crisis';
  const item = itemOf(talk, desk, console.now.peek(), texts);
  return (
    <header class="talk-head">
      <Ring at={at} language={snap.language ?? ''} crisis={crisis && snap.state !== 'closed'} still={snap.customer_last === false || at === 0} />
      <div class="talk-who">
        <h2 id="talk-name">{customerName(snap, texts)}</h2>
        <p>
          <span>{stateWords(talk, desk, console.now.peek(), texts)}</span>
          {item.mark !== '' && <span class="marked">{item.mark}</span>}
          {at > 0 && <Wrote at={at} />}
          <Feel feeling={snap.feeling ?? null} />
        </p>
      </div>
      <Acts talk={talk} desk={desk} />
    </header>
  );
}

function Wrote({ at }: { at: number }): JSX.Element {
  const { now, texts } = useConsole();
  const words = useFollowing([at, now, texts], () => (now.value - at < 5_000 ? texts.value.talk.wroteNow : texts.value.talk.wrote(duration(now.value - at, texts.value))));
  return <span>{words}</span>;
}

function stateWords(talk: Talk, desk: Desk, now: number, texts: Texts): string {
  const { snap } = talk;
  const words = texts.talk;
  const owner = ownerOf(snap, desk.me);
  if (talk.gone) return texts.notice.notFound;
  if (snap.state === 'snoozed') return words.snoozedUntil(ahead(Date.parse(snap.until ?? snap.due?.at ?? ''), now, texts));
  switch (owner) {
    case 'bot': return words.withBot;
    case 'line': return words.waits;
    case 'closed': return words.closed;
    case 'mine': return words.mine;
    case 'colleague': return snap.agent?.name ? words.theirs(snap.agent.name) : words.theirsUnnamed;
  }
}

function Acts({ talk, desk }: { talk: Talk; desk: Desk }): JSX.Element {
  const console = useConsole();
  const words = console.texts.value.talk;
  const acts = actsOf(talk, desk);
  const id = talk.snap.conversation;
  const busy = desk.sends.some((send) => send.conversation === id && send.type !== 'post' && send.type !== 'note');
  const { now } = console;
  const held = useFollowing([talk.takenAt, now], () => justTaken(talk, now.value));
  const does = (act: TalkAct) => ({ type: 'button' as const, 'aria-disabled': busy, onClick: () => { if (!busy) console.act(act, id); } });
  const has = (act: TalkAct): boolean => acts.includes(act);
  return (
    <div class="acts">
      <button class="btn btn-icon cust-open" type="button" aria-label={desk.custOpen ? words.hideCustomer : words.showCustomer} aria-expanded={desk.custOpen} aria-controls="cust" onClick={() => console.showCustomer(!desk.custOpen)}><Icon d={iPerson} /></button>
      {has('release') && (
        <Menu label={words.more} face={<Icon d={iMore} />}>
          <button class="btn btn-bare menu-line" data-closes {...does('release')}><Icon d={iBack} />{words.release}</button>
          {has('to_bot') && <button class="btn btn-bare menu-line" data-closes {...does('to_bot')}><Icon d={iDown} />{words.toBot}</button>}
        </Menu>
      )}
      {has('invite') && <button class="btn btn-bare" {...does('invite')}><Icon d={iPeople} /><span>{words.invite}</span></button>}
      {has('leave') && <button class="btn btn-bare act-leave" {...does('leave')}>{words.leave}</button>}
      {has('snooze') && <button class="btn btn-bare" {...does('snooze')}><Icon d={iMoon} /><span>{words.snooze}</span></button>}
      {has('transfer') && <button class="btn btn-quiet" {...does('transfer')}><Icon d={iTransfer} /><span>{words.transfer}</span></button>}
      {has('resolve') && <button class="btn btn-main" {...does('resolve')}><Icon d={iCheck} /><span>{words.resolve}</span></button>}
      {has('take') && <button class="btn btn-main act-take" {...does('take')}>{words.take}</button>}
      {has('takeOver') && <button class="btn btn-quiet act-take" {...does('takeOver')} aria-disabled={busy || held.value}>{words.takeOver}</button>}
    </div>
  );
}
