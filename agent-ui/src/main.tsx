import { effect } from '@preact/signals';
import { browserPorts, keptOutbox, onWake, socketURL, windows } from '@kohta/client/browser';
import { render } from 'preact';

import './css/app.css';
import { wayBack } from './desk/back.ts';
import { Console, onTitle } from './desk/console.ts';
import { rest } from './desk/rest.ts';
import { settings } from './desk/settings.ts';
import { Sounds } from './desk/sound.ts';
import { App } from './views/App.tsx';

const sounds = new Sounds();
sounds.wait(document);

const console = new Console({
  rest: rest((skew) => console.hearTime(skew)),
  settings: settings(localStorage, navigator.languages),
  drafts: localStorage,
  session: sessionStorage,
  link: (agent) => ({
    url: socketURL('/ws/agent'), ports: browserPorts(), outbox: keptOutbox(`kohta-agent-${agent}`), tabs: windows(`kohta-agent-${agent}`),
  }),
  now: () => Date.now(),
  chime: (chime) => sounds.play(chime),
  reload: () => location.reload(),
});

effect(() => {
  document.documentElement.lang = console.settings.language.value;
});
effect(() => {
  const theme = console.settings.theme.value;
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
});
onTitle(console, (title) => { document.title = title; });
addEventListener('storage', ({ key, oldValue, newValue }) => console.shelved(key, oldValue, newValue, document.hasFocus() && document.activeElement?.id === 'reply'));
const back = wayBack(console.desk, (view) => console.view(view), {
  push: () => history.pushState('talk', ''), back: () => history.back(), narrow: () => matchMedia('(max-width: 46rem)').matches,
});
addEventListener('popstate', () => { if (location.hash === '') back(); }); // the way to #talk is no way back
onWake(() => console.wake());
setInterval(() => console.tick(), 1000);

render(<App console={console} />, document.body);
void console.open();
