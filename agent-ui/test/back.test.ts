import { expect, test } from 'vitest';

import { wayBack } from '../src/desk/back.ts';
import { store } from '../src/desk/store.ts';
import { own, welcome } from './help.ts';

function phone(narrow = true) {
  const { desk, dispatch } = store();
  dispatch({ type: 'welcome', welcome: welcome([own('m'), own('n')]) });
  const gone: string[] = [];
  const back = wayBack(desk, (view) => dispatch({ type: 'view', view }), { push: () => void gone.push('push'), back: () => void gone.push('back'), narrow: () => narrow });
  return { desk, dispatch, gone, back };
}

test('back leads from the conversation to the lists, once', () => {
  const { desk, dispatch, gone, back } = phone();
  dispatch({ type: 'select', conversation: 'm' });
  dispatch({ type: 'select', conversation: 'n' });
  dispatch({ type: 'view', view: 'cust' });
  back();
  expect([desk.value.view, gone]).toEqual(['lists', ['push']]);
  back();
  expect(desk.value.selected).toBe('n');
});

test('who goes to the lists by hand leaves no step behind', () => {
  const { dispatch, gone, back } = phone();
  dispatch({ type: 'select', conversation: 'm' });
  dispatch({ type: 'view', view: 'lists' });
  back();
  dispatch({ type: 'view', view: 'talk' });
  expect(gone).toEqual(['push', 'back', 'push']);
});

test('where all is on one screen, history is left alone', () => {
  const { dispatch, gone } = phone(false);
  dispatch({ type: 'select', conversation: 'm' });
  dispatch({ type: 'view', view: 'lists' });
  expect(gone).toEqual([]);
});
