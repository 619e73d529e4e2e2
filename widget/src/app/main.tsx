import './link.ts';
import '@kohta/look/tokens.css';
import '@kohta/look/base.css';
import './widget.css';
import { render } from './draw.ts';
import { follow } from './cell.ts';
import { begin } from './desk.ts';
import { hold } from './ui.ts';
import { Chat, dress } from './view/Chat.tsx';
import { rest } from './view/Log.tsx';

const root = document.getElementById('app');
if (root) {
  follow(dress);
  follow(() => {
    const had = document.activeElement;
    render(<Chat />, root);
    hold(had);
    rest();
  });
  begin();
}
