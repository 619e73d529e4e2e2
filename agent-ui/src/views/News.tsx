import { Icon } from '@kohta/look';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { News } from '../state/news.ts';
import { newsWords } from '../state/newswords.ts';
import { stamp } from '../state/time.ts';
import { useConsole } from './context.ts';
import { iBell } from './icons.ts';
import { Menu } from './parts.tsx';

/** What came up beside the open conversation: a quiet button with a count, and a list behind it. */
export function NewsMenu(): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.news;
  const { news } = console.desk.value;
  const fresh = news.filter((one) => one.fresh).length;
  const box = useRef<HTMLDivElement>(null);
  const wanted = console.focus.value;
  useEffect(() => {
    const summary = wanted?.what === 'news' ? box.current?.querySelector('summary') : null;
    if (summary == null) return;
    if (summary.parentElement instanceof HTMLDetailsElement) summary.parentElement.open = true;
    summary.focus();
  }, [wanted]);
  return (
    <div ref={box} class="news">
      <Menu label={fresh > 0 ? `${words.title}, ${words.fresh(fresh)}` : words.title} closed={() => console.looked()} face={<><Icon d={iBell} />{fresh > 0 && <b class="count" aria-hidden="true">{fresh}</b>}</>}>
        <h2>{words.title}</h2>
        {news.length === 0 ? <p class="soft">{words.none}</p> : <ul role="list">{news.map((one) => <One key={one.id} one={one} />)}</ul>}
        {news.length > 1 && <button class="btn btn-bare" type="button" data-closes onClick={() => news.forEach((one) => console.heard(one.id))}>{words.clear}</button>}
      </Menu>
    </div>
  );
}

function One({ one }: { one: News }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const give = one.sort === 'silence' || one.sort === 'raised';
  return (
    <li class={one.fresh ? 'fresh' : undefined}>
      <p>{newsWords(one, console.desk.value, texts)} {one.at > 0 && <time dateTime={new Date(one.at).toISOString()}>{stamp(one.at, console.now.peek(), texts)}</time>}</p>
      <p class="news-acts">
        <button class="btn btn-quiet" type="button" data-closes onClick={() => console.openNews(one.id, one.conversation)}>{texts.news.open}</button>
        {give && <button class="btn btn-bare" type="button" data-closes onClick={() => console.give(one.conversation)}>{texts.news.give}</button>}
        <button class="btn btn-bare" type="button" onClick={() => console.heard(one.id)}>{texts.notice.dismiss}</button>
      </p>
    </li>
  );
}
