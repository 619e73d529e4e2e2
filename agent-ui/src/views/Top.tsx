import type { Presence } from '@kohta/client';
import { Face, iCheck, iCloudOff, iDown, iSearch, iSeat, Icon, initials, Mark } from '@kohta/look';
import type { JSX } from 'preact';

import type { Theme } from '../desk/settings.ts';
import { useConsole } from './context.ts';
import { iSilent, iSound } from './icons.ts';
import { Menu } from './parts.tsx';
import { Languages } from './SignIn.tsx';

export function Top(): JSX.Element {
  const console = useConsole();
  const { desk, texts, settings } = console;
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
      <div class={`state state-${desk.value.status}`}>
        <label class="vh" for="status">{words.status}</label>
        <select id="status" value={desk.value.status} onChange={(event) => console.setStatus(event.currentTarget.value as Presence)}>
          <option value="online">{words.online}</option>
          <option value="away">{words.away}</option>
          <option value="offline">{words.offline}</option>
        </select>
        <Icon d={iDown} />
      </div>
      <Menu label={`${words.menu}, ${initials(name)}`} face={<Face name={name} size="s" />}>
        <OwnMenu />
      </Menu>
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

/** What holds for the whole console: no connection, or not online. One strip at a time. */
export function Strip(): JSX.Element {
  const console = useConsole();
  const { link, status, sends } = console.desk.value;
  const texts = console.texts.value;
  const waiting = sends.filter((send) => !send.acked).length;
  return (
    <div class="strips">
      <div role="status">
        {link.state === 'offline' && <p class="strip strip-off"><Icon d={iCloudOff} /><span>{texts.link.offline}{waiting > 0 && ` ${texts.link.kept(waiting)}`}</span></p>}
        {link.state === 'refused' && <p class="strip strip-off"><Icon d={iCloudOff} /><span>{texts.notice.badSite}</span></p>}
        {link.state === 'connecting' && <p class="strip strip-off strip-late"><Icon d={iCloudOff} /><span>{texts.link.connecting}</span></p>}
        {link.justBack && waiting === 0 && <p class="strip strip-back"><Icon d={iCheck} /><span>{texts.link.back}</span></p>}
      </div>
      {link.state === 'offline' && <button class="btn btn-bare" type="button" onClick={() => console.wake()}>{texts.link.now}</button>}
      {link.state === 'online' && !link.justBack && status === 'offline' && (
        <p class="strip strip-state"><Icon d={iSeat} /><span>{texts.bar.notYet}</span><button class="btn btn-quiet" type="button" onClick={() => console.setStatus('online')}>{texts.bar.goOnline}</button></p>
      )}
    </div>
  );
}
