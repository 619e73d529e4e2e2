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
  how: string;
  moreWords: string;
  sendRating: string;
  rated: string;

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
  snooze: string;
  more: string;
  status: string;
  online: string;
}

export const names: Record<Language, Names> = {
  fi: {
    open: 'Avaa chat', dialog: 'Chat', message: 'Viesti', send: 'Lähetä', person: 'Puhu ihmiselle', close: 'Sulje chat', bot: 'Botti', you: 'Sinä',
    how: 'Miten meni?', moreWords: 'Haluatko kertoa lisää? Se on vapaaehtoista.', sendRating: 'Lähetä arvio', rated: 'Kiitos, kun kerroit.',
    email: 'Sähköposti', password: 'Salasana', signIn: 'Kirjaudu', waiting: 'Odottavat', mine: 'Omat keskustelut', reply: 'Vastaus',
    take: 'Ota', resolve: 'Ratkaise', transfer: 'Siirrä', note: 'Muistiinpano', snooze: 'Torkuta', more: 'Lisää toimintoja', status: 'Oma tila', online: 'Paikalla',
  },
  sv: {
    open: 'Öppna chatten', dialog: 'Chatt', message: 'Meddelande', send: 'Skicka', person: 'Prata med en människa', close: 'Stäng chatten', bot: 'Bot', you: 'Du',
    how: 'Hur gick det?', moreWords: 'Vill du säga något mer? Det är frivilligt.', sendRating: 'Skicka svar', rated: 'Tack för att du berättade.',
    email: 'E-post', password: 'Lösenord', signIn: 'Logga in', waiting: 'Väntande', mine: 'Mina samtal', reply: 'Svar',
    take: 'Ta', resolve: 'Lös', transfer: 'Flytta', note: 'Anteckning', snooze: 'Låt vila', more: 'Fler åtgärder', status: 'Min status', online: 'På plats',
  },
  en: {
    open: 'Open chat', dialog: 'Chat', message: 'Message', send: 'Send', person: 'Talk to a person', close: 'Close chat', bot: 'Bot', you: 'You',
    how: 'How did it go?', moreWords: 'Would you like to say more? It is optional.', sendRating: 'Send rating', rated: 'Thank you for telling us.',
    email: 'Email', password: 'Password', signIn: 'Sign in', waiting: 'Waiting', mine: 'My conversations', reply: 'Reply',
    take: 'Take', resolve: 'Resolve', transfer: 'Transfer', note: 'Note', snooze: 'Snooze', more: 'More actions', status: 'My status', online: 'Online',
  },
};
