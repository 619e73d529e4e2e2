import { Icon, iList, iMail, iPerson } from '@kohta/look';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

import type { Console } from '../desk/console.ts';
import { actOf, isWord, type Place, type Press } from '../state/keys.ts';
import type { ViewName } from '../state/model.ts';
import { Away } from './Away.tsx';
import { CommandBar } from './Command.tsx';
import { ConsoleContext, useConsole } from './context.ts';
import { Customer } from './Customer.tsx';
import { Invite } from './Invite.tsx';
import { Keys } from './Keys.tsx';
import { Lists } from './Lists.tsx';
import { Offers } from './Offers.tsx';
import { SignIn } from './SignIn.tsx';
import { Snooze } from './Snooze.tsx';
import { Sure } from './Sure.tsx';
import { TalkView } from './Talk.tsx';
import { Strip, Top } from './Top.tsx';
import { Transfer } from './Transfer.tsx';

export function App({ console }: { console: Console }): JSX.Element {
  return <ConsoleContext.Provider value={console}><Rooms /></ConsoleContext.Provider>;
}

function Rooms(): JSX.Element {
  const { session, texts } = useConsole();
  switch (session.value.name) {
    case 'opening': return <main class="door" aria-busy="true"><p class="soft late-in" role="status">{texts.value.signin.loading}</p></main>;
    case 'out': return <SignIn why={session.value.why} />;
    case 'in': return <DeskRoom />;
  }
}

function DeskRoom(): JSX.Element {
  const console = useConsole();
  const { desk, texts, dialog } = console;
  useKeys(console);
  useFocus(console);
  const { view, selected, custOpen, talks } = desk.value;
  const open = selected !== null && talks[selected] !== undefined;
  const columns = !open ? ' no-cust' : custOpen ? ' with-cust' : '';
  return (
    <div class="desk">
      <a class="skip" href="#talk">{texts.value.skip}</a>
      <div class={`desk-in${columns}`} data-view={view}>
        <header class="head"><h1 class="vh">{texts.value.app}</h1><Top /><Strip /></header>
        <main class="rooms">
          <Lists />
          <TalkView />
          <Customer />
        </main>
        <TabBar view={view} />
      </div>
      <Offers />
      <p class="vh" role="status">{console.voice.said.value}</p>
      <p class="vh" role="alert">{console.voice.alarm.value}</p>
      {dialog.value === 'command' && <CommandBar />}
      {dialog.value === 'keys' && <Keys />}
      {dialog.value === 'transfer' && selected !== null && <Transfer conversation={selected} />}
      {dialog.value === 'away' && <Away />}
      {dialog.value === 'invite' && selected !== null && <Invite conversation={selected} />}
      {(dialog.value === 'resolve' || dialog.value === 'to_bot' || dialog.value === 'release') && selected !== null && <Sure act={dialog.value} conversation={selected} />}
      {dialog.value === 'snooze' && selected !== null && <Snooze conversation={selected} />}
    </div>
  );
}

/** Below 46 rem: one view at a time. */
function TabBar({ view }: { view: ViewName }): JSX.Element {
  const console = useConsole();
  const words = console.texts.value.bar;
  const waiting = console.desk.value.line.total;
  const tabs = [
    { name: 'lists', icon: iList, label: waiting > 0 ? `${words.lists}, ${waiting}` : words.lists },
    { name: 'talk', icon: iMail, label: words.talk },
    { name: 'cust', icon: iPerson, label: words.customer },
  ] as const;
  return (
    <nav class="tabbar" aria-label={words.views}>
      {tabs.map(({ name, icon, label }) => (
        <button key={name} type="button" aria-current={view === name ? 'page' : undefined} onClick={() => console.view(name)}><Icon d={icon} />{label}</button>
      ))}
    </nav>
  );
}

function useKeys(console: Console): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const within = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-offer]')?.dataset['offer'] ?? null : null;
      const pressed: Press = { key: event.key, ctrl: event.ctrlKey, meta: event.metaKey, alt: event.altKey, repeat: event.repeat };
      const place: Place = { typing: takesLetters(event.target), dialog: console.dialog.peek() !== null, single: console.settings.letters.peek(), offer: within !== null };
      const act = actOf(pressed, place);
      if (act !== null) event.preventDefault();
      if (act !== null && !pressed.ctrl && !pressed.meta) console.letter(act, within);
      else if (act !== null) console.press(act, within);
      else if (isWord(pressed, place)) console.stray();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function takesLetters(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));
}

/** What is wanted takes the focus here, but for the reply, which takes it itself. */
function useFocus(console: Console): void {
  const wanted = console.focus.value;
  useLayoutEffect(() => {
    if (wanted?.what === 'status') document.getElementById('status')?.focus();
    else if (wanted?.what === 'item') focusItem();
    else if (wanted?.what === 'talk') focusTalk();
    else if (wanted?.what === 'stay' && astray()) focusTalk();
    else if (wanted?.what === 'list') document.getElementById('lists')?.focus();
  }, [wanted]);
}

/** The focus is nowhere, or on what was pressed and is about to go. */
function astray(): boolean {
  const at = document.activeElement;
  return at === null || at === document.body || at.closest('.acts') !== null;
}

/** The open conversation's item; where the list is not on the screen or does not hold it, the conversation itself. */
function focusItem(): void {
  const item = document.querySelector<HTMLElement>('.item[aria-current]');
  if (item !== null && item.offsetParent !== null) item.focus();
  else focusTalk();
}

function focusTalk(): void {
  document.getElementById('talk')?.focus({ preventScroll: true });
}
