/** What a person finds on the screen, by the names that the contract gives; tests and screen readers go by them alike. */
export type Language = 'fi' | 'sv' | 'en';

export const languages: readonly Language[] = ['fi', 'sv', 'en'];

interface Names {
  open: string;
  dialog: string;
  message: string;
  send: string;
  person: string;
  close: string;
  bot: string;
  you: string;

  email: string;
  password: string;
  signIn: string;
  waiting: string;
  mine: string;
  reply: string;
  take: string;
  resolve: string;
  transfer: string;
  note: string;
  status: string;
  online: string;
}

export const names: Record<Language, Names> = {
  fi: {
    open: 'Avaa chat', dialog: 'Chat', message: 'Viesti', send: 'Lähetä', person: 'Puhu ihmiselle', close: 'Sulje chat', bot: 'Botti', you: 'Sinä',
    email: 'Sähköposti', password: 'Salasana', signIn: 'Kirjaudu', waiting: 'Odottavat', mine: 'Omat keskustelut', reply: 'Vastaus',
    take: 'Ota', resolve: 'Ratkaise', transfer: 'Siirrä', note: 'Muistiinpano', status: 'Oma tila', online: 'Paikalla',
  },
  sv: {
    open: 'Öppna chatten', dialog: 'Chatt', message: 'Meddelande', send: 'Skicka', person: 'Prata med en människa', close: 'Stäng chatten', bot: 'Bot', you: 'Du',
    email: 'E-post', password: 'Lösenord', signIn: 'Logga in', waiting: 'Väntande', mine: 'Mina samtal', reply: 'Svar',
    take: 'Ta', resolve: 'Lös', transfer: 'Flytta', note: 'Anteckning', status: 'Min status', online: 'På plats',
  },
  en: {
    open: 'Open chat', dialog: 'Chat', message: 'Message', send: 'Send', person: 'Talk to a person', close: 'Close chat', bot: 'Bot', you: 'You',
    email: 'Email', password: 'Password', signIn: 'Sign in', waiting: 'Waiting', mine: 'My conversations', reply: 'Reply',
    take: 'Take', resolve: 'Resolve', transfer: 'Transfer', note: 'Note', status: 'My status', online: 'Online',
  },
};
