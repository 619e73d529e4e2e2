import type { Loose } from '../language.ts';
import type { sharedFi } from './fi.ts';

export const sharedSv: Loose<typeof sharedFi> = {
  bot: 'Bot', you: 'Du', person: 'En människa',
  send: 'Skicka', close: 'Stäng', cancel: 'Avbryt', back: 'Tillbaka', settings: 'Inställningar',
  sending: 'Skickas', delivered: 'Framme', read: 'Läst',
  offline: 'Ingen anslutning. Dina meddelanden är sparade och skickas av sig själva.',
  online: 'Anslutningen är tillbaka. Allt har skickats.',
  kept: 'Inte skickat än, sparat på enheten',
  tryNow: 'Försök nu',
  ourFault: 'Något gick fel hos oss. Ditt meddelande är sparat, vi försöker igen.',
  tooLong: 'Meddelandet är för långt. Dela upp det i två.',
  typing: (name) => `${name} skriver`,
  newMessages: 'Nya meddelanden',
};
