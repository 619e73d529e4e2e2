import { iPen, Icon } from '@kohta/look';
import type { JSX } from 'preact';

import type { Talk } from '../state/model.ts';
import { customerAt, itemOf, mine, waiting } from '../state/select.ts';
import { duration } from '../state/time.ts';
import { useConsole } from './context.ts';
import { Feel, Ring, Since } from './parts.tsx';

export function Lists(): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const words = texts.lists;
  const line = waiting(desk);
  const own = mine(desk);
  const open = desk.selected === null ? undefined : desk.talks[desk.selected];
  // one button to take with: the open conversation's own, if it can be taken
  const takeHere = open === undefined || (open.snap.state !== 'waiting' && open.snap.state !== 'bot');
  const hidden = desk.line.total - line.length;
  return (
    <nav class="lists" aria-label={words.label}>
      <section>
        <h2><span id="waiting">{words.waiting}</span> <small><WaitingSum line={line} total={desk.line.total} /></small></h2>
        {line.length === 0
          ? desk.me !== null && <p class="empty">{words.nobodyWaits}</p>
          : (
            <ul role="list" aria-labelledby="waiting">
              {line.map((talk, i) => <Item key={talk.snap.conversation} talk={talk} take={i === 0 && takeHere} />)}
            </ul>
          )}
        {hidden > 0 && <p class="empty">{words.more(hidden)}</p>}
      </section>
      <section>
        <h2><span id="mine">{words.mine}</span> <small>{words.mineSum(own.length)}</small></h2>
        {own.length === 0
          ? desk.me !== null && <p class="empty">{words.nothingMine}</p>
          : <ul role="list" aria-labelledby="mine">{own.map((talk) => <Item key={talk.snap.conversation} talk={talk} take={false} />)}</ul>}
      </section>
    </nav>
  );
}

function WaitingSum({ line, total }: { line: readonly Talk[]; total: number }): JSX.Element {
  const { now, texts } = useConsole();
  const oldest = Math.min(...line.map(customerAt).filter((at) => at > 0));
  const longest = Number.isFinite(oldest) ? duration(now.value - oldest, texts.value) : '';
  return <>{texts.value.lists.waitingSum(total, longest)}</>;
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
        <span class="item-why">{item.reason !== '' && <span>{item.reason}</span>}<Feel feeling={item.feeling} /></span>
        <span class="item-said">{item.by !== '' && (item.draft ? <b><Icon d={iPen} small />{item.by} </b> : `${item.by} `)}{item.said}</span>
      </button>
      {take && <button class="btn btn-quiet take" type="button" aria-disabled={busy} onClick={() => console.take(item.id)}>{texts.lists.take}</button>}
    </li>
  );
}
