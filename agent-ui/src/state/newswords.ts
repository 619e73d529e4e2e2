import { calledBy } from '@kohta/look';

import type { Texts } from '../texts/index.ts';
import type { Desk } from './model.ts';
import { customerName } from './names.ts';
import type { News } from './news.ts';
import { declineWords } from './transcript.ts';

/** One of the news as a sentence. */
export function newsWords(one: News, desk: Desk, texts: Texts): string {
  const words = texts.news;
  const talk = desk.talks[one.conversation];
  const name = talk === undefined || talk.snap.visitor == null ? words.somebody : customerName(talk.snap, texts);
  const who = calledBy(one.who);
  switch (one.sort) {
    case 'silence': return who === '' ? words.silence(name) : words.silenceWith(name, who);
    case 'raised': return words.raised(name);
    case 'missed': return words.missed(name);
    case 'nudge': return words.nudge(name);
    case 'back': return [words.back(who || texts.talk.colleague, name), one.note === '' ? '' : `${declineWords(one.note, texts)}.`].filter(Boolean).join(' ');
    case 'lost': return who === '' ? words.lost(name) : words.lostTo(name, who);
    case 'invited': return [words.invited(who || texts.talk.colleague, name), one.note].filter(Boolean).join(' ');
  }
}
