import type { JSX } from 'preact';
import { close, gone, modal, settings, unseen, view, words } from '../desk.ts';
import { prefs } from '../prefs.ts';
import { Composer } from './Composer.tsx';
import { Gone } from './Gone.tsx';
import { Head } from './Head.tsx';
import { Log } from './Log.tsx';
import { Notice } from './Notice.tsx';
import { PersonBar } from './PersonBar.tsx';
import { Settings } from './Settings.tsx';
import { Speech } from './Speech.tsx';

/** The whole window. */
export function Chat(): JSX.Element {
  return (
    <section class="chat" role="dialog" aria-modal={modal.value ? 'true' : undefined} aria-label={words.value.chat} onKeyDown={escape}>
      <Head />
      {gone.value ? <Gone /> : <Open />}
      <Speech />
    </section>
  );
}

function Open(): JSX.Element {
  return (
    <>
      <Notice />
      {view.value === 'settings' ? <Settings /> : <Log />}
      <PersonBar />
      {view.value === 'chat' && <Composer />}
    </>
  );
}

function escape(e: KeyboardEvent): void {
  if (e.key !== 'Escape' || e.isComposing) return;
  e.preventDefault();
  if (view.value === 'settings') settings(false);
  else close();
}

/** What language, settings and news do to the document. */
export function dress(): void {
  const html = document.documentElement;
  html.lang = words.value.language;
  html.dataset['size'] = prefs.value.size;
  html.dataset['contrast'] = prefs.value.contrast;
  const { count } = unseen();
  document.title = (count > 0 ? `(${count}) ` : '') + words.value.chat;
}
