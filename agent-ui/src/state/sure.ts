import type { TalkAct } from './acts.ts';
import { draftOf, written } from './drafts.ts';
import type { Desk, Talk } from './model.ts';

/** What lets a conversation go, and may be asked about first. */
export type LettingGo = 'resolve' | 'to_bot' | 'release';

export function letsGo(act: TalkAct): act is LettingGo {
  return act === 'resolve' || act === 'to_bot' || act === 'release';
}

/** What speaks for asking before a conversation is let go. */
export interface Doubt {
  /** What is written and not sent. */
  readonly draft: 'reply' | 'note' | null;
  /** What was promised, is still ahead, and will be taken back. */
  readonly promise: 'call' | 'mail' | null;
  /** The customer had the last word. */
  readonly last: boolean;
}

export function doubtOf(act: LettingGo, talk: Talk, desk: Desk, now: number): Doubt {
  const draft = draftOf(desk.drafts, talk.snap.conversation);
  const { promise } = talk.snap;
  const ahead = promise != null && Date.parse(promise.at) > now;
  return {
    draft: written(draft.reply) ? 'reply' : written(draft.note) ? 'note' : null,
    promise: act === 'release' || !ahead ? null : promise.channel === 'email' ? 'mail' : 'call',
    last: act === 'resolve' && talk.snap.customer_last !== false,
  };
}

/** Whether a press of the button asks first: when words would stay unsent, or a promise be taken back. */
export function asksFirst(doubt: Doubt): boolean {
  return doubt.draft !== null || doubt.promise !== null;
}
