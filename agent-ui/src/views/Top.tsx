import { Face, iCheck, iCloudOff, iDown, iLeaf, iSearch, iSeat, Icon, initials, iWarn, Mark } from '@kohta/look';
import type { JSX } from 'preact';

import type { Theme } from '../desk/settings.ts';
import { standingWords } from '../state/commands.ts';
import { explain } from '../state/refusals.ts';
import { awayReasons, chosen, madeAway, ofWord, restLeft, wordOf } from '../state/standing.ts';
import { useConsole, useFollowing } from './context.ts';
import { iSilent, iSound } from './icons.ts';
import { NewsMenu } from './News.tsx';
import { Menu } from './parts.tsx';
import { Languages } from './SignIn.tsx';

export function Top(): JSX.Element {
  const console = useConsole();
  const { texts, settings } = console;
  const words = texts.value.bar;
  const sound = settings.sound.value;
  const session = console.session.value;
  const name = session.name === 'in' ? session.me.name : '';
  return (
    <div class="top">
      <Mark />
      <button class="cmd" type="button" aria-keyshortcuts="Control+K" onClick={() => { console.dialog.value = 'command'; }}>
        <Icon d={iSearch} /><span>{words.search}</span><kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button class="btn-icon top-sound" type="button" aria-pressed={sound} aria-label={words.soundOn} title={sound ? words.soundOn : words.soundOff} onClick={() => { settings.sound.value = !sound; }}>
        <Icon d={sound ? iSound : iSilent} />
      </button>
      <NewsMenu />
      <Status />
      <Menu label={`${words.menu}, ${initials(name)}`} face={<Face name={name} size="s" />}>
        <OwnMenu />
      </Menu>
    </div>
  );
}

/** What the agent is given: all, nothing new, nothing for a while and why, nothing. */
function Status(): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.bar;
  const { standing } = console.desk.value;
  const now = wordOf(standing);
  const listed = awayReasons.map((reason) => ({ word: wordOf(chosen('away', reason)), name: words.reasons[reason] ?? reason }));
  const own = standing.status === 'away' && !listed.some(({ word }) => word === now);
  const choose = (select: HTMLSelectElement): void => {
    const wanted = ofWord(select.value);
    if (wanted !== null) return console.stand(wanted);
    select.value = now;
    console.dialog.value = 'away';
  };
  return (
    <div class={`state state-${standing.status}`}>
      <label class="vh" for="status">{words.status}</label>
      <select id="status" value={now} onChange={(event) => choose(event.currentTarget)}>
        <option value="online">{words.online}</option>
        <option value="busy">{words.busy}</option>
        <optgroup label={words.awayGroup}>
          {listed.map(({ word, name }) => <option key={word} value={word}>{name}</option>)}
          {own && <option value={now}>{standingWords(standing, texts)}</option>}
          <option value="other">{words.other}</option>
        </optgroup>
        <option value="offline">{words.offline}</option>
      </select>
      <Icon d={iDown} />
    </div>
  );
}

function OwnMenu(): JSX.Element {
  const console = useConsole();
  const { texts, settings } = console;
  const words = texts.value.bar;
  const session = console.session.value;
  const themes: readonly Theme[] = ['light', 'dark', 'auto'];
  return (
    <>
      {session.name === 'in' && <p class="menu-name"><b>{session.me.name}</b></p>}
      <div class="menu-part" role="group" aria-label={words.theme}>
        <p aria-hidden="true">{words.theme}</p>
        <div class="tongues">
          {themes.map((theme) => (
            <button key={theme} type="button" class="btn btn-bare" aria-pressed={settings.theme.value === theme} onClick={() => { settings.theme.value = theme; }}>{words[theme]}</button>
          ))}
        </div>
      </div>
      <div class="menu-part"><p aria-hidden="true">{words.language}</p><Languages /></div>
      <label class="tick">
        <input type="checkbox" checked={settings.sound.value} onChange={(event) => { settings.sound.value = event.currentTarget.checked; }} />
        {words.sounds}
      </label>
      <label class="tick">
        <input type="checkbox" checked={settings.letters.value} onChange={(event) => { settings.letters.value = event.currentTarget.checked; }} />
        {words.singleKeys}
      </label>
      <button type="button" class="btn btn-bare menu-line" data-closes onClick={() => console.press('help')}>{words.keys}<kbd aria-hidden="true">?</kbd></button>
      <button type="button" class="btn btn-bare menu-line" data-closes onClick={() => void console.signOut()}>{words.signOut}</button>
    </>
  );
}

/** What holds for the whole console: no connection, not online, made away, a breather. One strip at a time. */
export function Strip(): JSX.Element {
  const console = useConsole();
  const { link, standing, sends, notices } = console.desk.value;
  const texts = console.texts.value;
  const waiting = sends.filter((send) => !send.acked).length;
  return (
    <div class="strips">
      <div role="status">
        {link.state === 'offline' && <p class="strip strip-off"><Icon d={iCloudOff} /><span>{texts.link.offline}{waiting > 0 && ` ${texts.link.kept(waiting)}`}</span></p>}
        {link.state === 'refused' && <p class="strip strip-off"><Icon d={iCloudOff} /><span>{texts.notice.badSite}</span></p>}
        {link.state === 'connecting' && <p class="strip strip-off strip-late"><Icon d={iCloudOff} /><span>{texts.link.connecting}</span></p>}
        {link.justBack && waiting === 0 && !notices.some((notice) => notice.textBack) && <p class="strip strip-back"><Icon d={iCheck} /><span>{texts.link.back}</span></p>}
      </div>
      {link.state === 'offline' && <button class="btn btn-bare" type="button" onClick={() => console.wake()}>{texts.link.now}</button>}
      {link.state === 'online' && !link.justBack && standing.status === 'offline' && (
        <p class="strip strip-state"><Icon d={iSeat} /><span>{texts.bar.notYet}</span><button class="btn btn-quiet" type="button" onClick={() => console.ready()}>{texts.bar.goOnline}</button></p>
      )}
      {link.state === 'online' && !link.justBack && madeAway(standing) && (
        <p class="strip strip-state"><Icon d={iSeat} /><span>{texts.bar.madeAway}</span><button class="btn btn-quiet" type="button" onClick={() => console.ready()}>{texts.bar.goOnline}</button></p>
      )}
      {link.state === 'online' && !link.justBack && <Rest />}
      {notices.filter((notice) => notice.conversation === null).map((notice) => (
        <p key={notice.id} class="strip strip-state" role="status">
          <Icon d={iWarn} /><span>{explain(notice, undefined, console.desk.value, texts)}</span>
          <button class="btn btn-quiet" type="button" onClick={() => console.dismiss(notice.id)}>{texts.notice.dismiss}</button>
        </p>
      ))}
    </div>
  );
}

/** A breather after a hard conversation, in whole minutes: it is no countdown. It can be cut short. */
function Rest(): JSX.Element | null {
  const console = useConsole();
  const { now, texts } = console;
  const { standing } = console.desk.value;
  const minutes = useFollowing([standing, now], () => restLeft(standing, now.value));
  if (minutes.value === 0) return null;
  return (
    <p class="strip strip-rest">
      <Icon d={iLeaf} /><span>{texts.value.bar.rest(minutes.value)}</span>
      <button class="btn btn-quiet" type="button" onClick={() => console.ready()}>{texts.value.bar.restEnd}</button>
    </p>
  );
}
