import { iClock, iFlag, iPen, Icon } from '@kohta/look';
import type { JSX } from 'preact';

import { mayTakeNext } from '../state/acts.ts';
import type { Talk } from '../state/model.ts';
import { customerName } from '../state/names.ts';
import { customerAt } from '../state/owed.ts';
import { itemOf, lanes, longestSilence, mine, passedOn, waiting } from '../state/select.ts';
import { duration } from '../state/time.ts';
import { useConsole, useFollowing } from './context.ts';
import { Feel, Ring, Since } from './parts.tsx';
import { UnsentLane } from './Unsent.tsx';

/** A line of so many is shown whole; a longer one leaves room for the agent's own and scrolls. */
const shortLine = 4;
/** A silence is told from so many milliseconds on. */
const worthSaying = 60_000;

export function Lists(): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const words = texts.lists;
  const { raised, waiting: line } = lanes(desk);
  const own = mine(desk);
  const asked = passedOn(desk);
  const open = desk.selected === null ? undefined : desk.talks[desk.selected];
  // one button to take with: the open conversation's own, if it can be taken
  const takeHere = open === undefined || open.gone || (open.snap.state !== 'waiting' && open.snap.state !== 'bot');
  const silent = longestSilence(desk);
  const here = (talk: Talk): boolean => own.includes(talk);
  const hidden = desk.line.total - waiting(desk).length;
  return (
    <nav class="lists" id="lists" tabIndex={-1} aria-label={words.label}>
      <div class={line.length + raised.length > shortLine ? 'lane lane-long' : 'lane'}>
        {raised.length > 0 && (
          <section class="lane-raised">
            <h2><span id="raised"><Icon d={iFlag} />{words.raised}</span> <small>{raised.length}</small></h2>
            <ul role="list" aria-labelledby="raised">{raised.map((talk) => <Item key={talk.snap.conversation} talk={talk} take={false} />)}</ul>
          </section>
        )}
        <section>
          <h2><span id="waiting">{words.waiting}</span> <small>{words.waitingSum(Math.max(0, desk.line.total - raised.length), '')}</small>{desk.line.total > 0 && <TakeNext />}</h2>
          {silent !== null && !here(silent) && <Longest talk={silent} />}
          {line.length === 0
            ? desk.me !== null && raised.length === 0 && <p class="empty">{words.nobodyWaits}</p>
            : (
              <ul role="list" aria-labelledby="waiting">
                {line.map((talk, i) => <Item key={talk.snap.conversation} talk={talk} take={i === 0 && takeHere} />)}
              </ul>
            )}
          {hidden > 0 && <p class="empty">{words.more(hidden)}</p>}
        </section>
      </div>
      <div class="lane lane-own">
        <section>
          <h2><span id="mine">{words.mine}</span> <small>{words.mineSum(own.length)}</small></h2>
          {silent !== null && here(silent) && <Longest talk={silent} />}
          {own.length === 0
            ? desk.me !== null && <p class="empty">{words.nothingMine}</p>
            : <ul role="list" aria-labelledby="mine">{own.map((talk) => <Item key={talk.snap.conversation} talk={talk} take={false} />)}</ul>}
        </section>
        {asked.length > 0 && (
          <section>
            <h2 class="passed-on"><span id="asked">{words.passedOn}</span></h2>
            <ul role="list" aria-labelledby="asked">{asked.map((talk) => <Item key={talk.snap.conversation} talk={talk} take={false} />)}</ul>
          </section>
        )}
        <UnsentLane />
      </div>
    </nav>
  );
}

function TakeNext(): JSX.Element {
  const console = useConsole();
  const able = mayTakeNext(console.desk.value);
  return <button class="btn btn-bare take-next" type="button" aria-keyshortcuts="x" aria-disabled={!able} onClick={() => console.takeNext()}>{console.texts.value.lists.takeNext}</button>;
}

/** Who has heard nothing for the longest, and the way there; said once it is worth saying. */
function Longest({ talk }: { talk: Talk }): JSX.Element | null {
  const console = useConsole();
  const { now, texts } = console;
  const at = customerAt(talk);
  const words = useFollowing([at, now, texts], () => (now.value - at < worthSaying ? '' : texts.value.lists.longest(duration(now.value - at, texts.value))));
  if (words.value === '') return null;
  return <button class="longest" type="button" onClick={() => console.select(talk.snap.conversation)}><Icon d={iClock} small /><span>{words}</span> <b>{customerName(talk.snap, texts.value)}</b></button>;
}

function Item({ talk, take }: { talk: Talk; take: boolean }): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const item = itemOf(talk, desk, console.now.peek(), texts);
  const current = desk.selected === item.id;
  const busy = desk.sends.some((send) => send.conversation === item.id && send.type === 'take');
  return (
    <li class={take ? 'next' : undefined}>
      <button class={item.crisis ? 'item item-crisis' : 'item'} type="button" aria-current={current ? 'true' : undefined} onClick={() => console.select(item.id)}>
        <Ring at={item.at} language={item.language} crisis={item.crisis} still={item.instead !== '' || item.at === 0} />
        <span class="item-top">
          <b>{item.name}<span class="vh">{item.language !== '' && `, ${texts.inLanguage[item.language] ?? item.language}`}</span></b>
          {item.unread > 0 && <span class="unread"><span class="vh">{texts.lists.unread} </span>{item.unread}</span>}
          {item.instead !== '' ? <span class="item-turn">{item.instead}</span> : item.at > 0 && <Since at={item.at} />}
        </span>
        <span class="item-why">{item.reason !== '' && <span>{item.reason}</span>}<Feel feeling={item.feeling} />{item.skills.map((skill) => <span key={skill} class="need">{skill}</span>)}</span>
        {item.mark !== '' && <span class="item-mark">{item.mark}</span>}
        <span class="item-said">{item.by !== '' && (item.draft ? <b><Icon d={iPen} small />{item.by} </b> : `${item.by} `)}<span lang={item.saidIn}>{item.said}</span></span>
      </button>
      {take && <button class="btn btn-quiet take" type="button" aria-disabled={busy} onClick={() => console.take(item.id)}>{texts.lists.take}</button>}
    </li>
  );
}
