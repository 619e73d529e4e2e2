import type { Loose } from '../language.ts';
import type { sharedFi } from './fi.ts';

export const sharedEn: Loose<typeof sharedFi> = {
  bot: 'Bot', you: 'You', person: 'A person',
  send: 'Send', close: 'Close', cancel: 'Cancel', back: 'Back', settings: 'Settings',
  sending: 'Sending', delivered: 'Delivered', read: 'Read',
  offline: 'No connection. Your messages wait here and go out by themselves.',
  online: 'Back online. Everything has been sent.',
  kept: 'Not sent yet, kept on this device',
  tryNow: 'Try now',
  ourFault: "Something went wrong at our end. Your message is safe, we're trying again.",
  tooLong: 'The message is too long. Please split it in two.',
  typing: (name) => `${name} is writing`,
  newMessages: 'New messages',
};
