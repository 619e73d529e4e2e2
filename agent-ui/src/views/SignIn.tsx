import { useSignal } from '@preact/signals';
import { iWarn, Icon, Mark } from '@kohta/look';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { duration } from '../state/time.ts';
import { catalogues, LANGUAGES, type Texts } from '../texts/index.ts';
import { useConsole } from './context.ts';

export function SignIn({ why }: { why: '' | 'ended' | 'down' }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const wrong = useSignal('');
  const until = useSignal(0);
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.peek() || form.current === null) return;
    const data = new FormData(form.current);
    const email = String(data.get('email') ?? '').trim();
    const password = String(data.get('password') ?? '');
    if (email === '' || password === '') return say('empty');
    busy.value = true;
    const result = await console.signIn(email, password);
    busy.value = false;
    if (result.ok) return;
    if (result.why === 'many') until.value = Date.now() + result.wait * 1000;
    say(result.why);
  };
  const say = (what: string): void => {
    wrong.value = what;
    const field = form.current?.querySelector<HTMLInputElement>(what === 'refused' ? '[name=password]' : '[name=email]');
    field?.focus();
    if (what === 'refused') field?.select();
  };

  return (
    <main class="door">
      <form ref={form} class="door-in" method="post" noValidate onSubmit={submit} aria-labelledby="door-title">
        <header><Mark /><b>{texts.app}</b></header>
        <div>
          <h1 id="door-title">{texts.signin.title}</h1>
          <p class="soft">{texts.signin.lead}</p>
        </div>
        {why === 'ended' && wrong.value === '' && <p class="door-note" role="status">{texts.signin.ended}</p>}
        <div class="field">
          <label for="email">{texts.signin.email}</label>
          <input id="email" name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck={false} aria-invalid={wrong.value === 'refused' || wrong.value === 'empty'} aria-describedby="wrong" />
        </div>
        <div class="field">
          <label for="password">{texts.signin.password}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" aria-invalid={wrong.value === 'refused' || wrong.value === 'empty'} aria-describedby="wrong" />
        </div>
        <div class="field"><Wrong what={wrong.value || (why === 'down' ? 'down' : '')} until={until.value} texts={texts} /></div>
        <button class="btn btn-main" type="submit" aria-disabled={busy.value}>{busy.value ? texts.signin.busy : texts.signin.submit}</button>
      </form>
      <Languages />
    </main>
  );
}

function Wrong({ what, until, texts }: { what: string; until: number; texts: Texts }): JSX.Element {
  const { now } = useConsole();
  const words = ((): string => {
    switch (what) {
      case '': return '';
      case 'empty': return texts.signin.empty;
      case 'refused': return texts.signin.wrong;
      case 'many': return until > now.value ? texts.signin.many(duration(until - now.value, texts)) : '';
      default: return texts.signin.down;
    }
  })();
  return <p id="wrong" class="wrong" role="alert">{words !== '' && <><Icon d={iWarn} small /><span>{words}</span></>}</p>;
}

/** The languages of the interface, each by its own name. */
export function Languages(): JSX.Element {
  const { settings, texts } = useConsole();
  return (
    <div class="tongues" role="group" aria-label={texts.value.signin.language}>
      {LANGUAGES.map((language) => (
        <button key={language} type="button" class="btn btn-bare" lang={language} aria-pressed={settings.language.value === language} onClick={() => { settings.language.value = language; }}>
          {catalogues[language].self}
        </button>
      ))}
    </div>
  );
}
