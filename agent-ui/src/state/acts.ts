import type { Act } from './keys.ts';
import type { Desk, Talk } from './model.ts';
import { isInvited } from './hands.ts';
import { inDanger, ownerOf } from './talks.ts';

/** What can be done with a conversation, by who has it. */
export type TalkAct = 'take' | 'takeOver' | 'transfer' | 'snooze' | 'resolve' | 'release' | 'to_bot' | 'invite' | 'leave';

/** The actions that the desk would take for this conversation, the main one last. */
export function actsOf(talk: Talk, desk: Desk): readonly TalkAct[] {
  if (talk.gone) return [];
  switch (ownerOf(talk.snap, desk.me)) {
    case 'line':
    case 'bot': return ['take'];
    case 'colleague': return isInvited(talk.snap, desk.me) ? ['leave', 'takeOver'] : ['takeOver'];
    case 'closed': return [];
    case 'mine': return ['release', ...(inDanger(talk.snap) ? [] : ['to_bot'] as const), 'invite', 'snooze', 'transfer', 'resolve']; // nobody in danger goes back to a bot
  }
}

/** For this long, what takes from the line does not take over: a press was on its way when a colleague was faster. */
const onItsWay = 800;

/** Whether a colleague has only just taken the conversation from the line, before this agent's eyes. */
export function justTaken(talk: Talk, now: number): boolean {
  return talk.takenAt !== undefined && now - talk.takenAt < onItsWay;
}

/** Whether the agent may write to the customer, and to colleagues. A note is also taken while nobody has it, and of one called in. */
export function mayWrite(talk: Talk, desk: Desk): { reply: boolean; note: boolean } {
  if (talk.gone) return { reply: false, note: false };
  const owner = ownerOf(talk.snap, desk.me);
  return { reply: owner === 'mine', note: owner !== 'colleague' || talk.snap.state === 'snoozed' || isInvited(talk.snap, desk.me) };
}

/** The next in line is taken at once or not at all: who comes back in an hour means another. */
export function mayTakeNext(desk: Desk): boolean {
  return desk.link.state === 'online' && desk.line.total > 0 && !desk.sends.some((send) => send.type === 'take');
}

/** Whether a key or a line of the command bar does something just now. */
export function possible(act: Act, desk: Desk): boolean {
  const talk = desk.selected === null ? undefined : desk.talks[desk.selected];
  const acts = talk === undefined ? [] : actsOf(talk, desk);
  switch (act) {
    case 'take': return acts.includes('take') || acts.includes('takeOver') || desk.line.order.length > 0;
    case 'takeNext': return mayTakeNext(desk);
    case 'transfer':
    case 'invite':
    case 'snooze':
    case 'resolve': return acts.includes(act);
    case 'reply': return talk !== undefined && mayWrite(talk, desk).reply;
    case 'note': return talk !== undefined && mayWrite(talk, desk).note;
    case 'baton': return talk?.snap.baton != null;
    case 'news': return desk.news.length > 0;
    case 'offers':
    case 'accept':
    case 'decline': return desk.offers.length > 0;
    default: return true;
  }
}
