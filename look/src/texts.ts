import { catalogue, type Language } from './language.ts';

/** What both screens say. */
export const shared = catalogue(
  {
    bot: 'Botti', you: 'Sinä', person: 'Ihminen',
    send: 'Lähetä', close: 'Sulje', cancel: 'Peruuta', back: 'Takaisin', settings: 'Asetukset',
    sending: 'Lähtee', delivered: 'Perillä', read: 'Luettu',
    offline: 'Ei yhteyttä. Viestisi ovat tallessa ja lähtevät itsestään.',
    online: 'Yhteys palasi. Kaikki on lähetetty.',
    kept: 'Ei vielä lähtenyt, tallessa tällä laitteella',
    tryNow: 'Yritä nyt',
    ourFault: 'Meillä meni jotain vikaan. Viestisi on tallessa, yritämme uudestaan.',
    tooLong: 'Viesti on liian pitkä. Jaa se kahteen osaan.',
    typing: (name: string) => `${name} kirjoittaa`,
    newMessages: 'Uusia viestejä',
  },
  {
    bot: 'Bot', you: 'Du', person: 'En människa',
    send: 'Skicka', close: 'Stäng', cancel: 'Avbryt', back: 'Tillbaka', settings: 'Inställningar',
    sending: 'Skickas', delivered: 'Framme', read: 'Läst',
    offline: 'Ingen anslutning. Dina meddelanden är sparade och skickas av sig själva.',
    online: 'Anslutningen är tillbaka. Allt har skickats.',
    kept: 'Inte skickat än, sparat på enheten',
    tryNow: 'Försök nu',
    ourFault: 'Något gick fel hos oss. Ditt meddelande är sparat, vi försöker igen.',
    tooLong: 'Meddelandet är för långt. Dela upp det i två.',
    typing: (name: string) => `${name} skriver`,
    newMessages: 'Nya meddelanden',
  },
  {
    bot: 'Bot', you: 'You', person: 'A person',
    send: 'Send', close: 'Close', cancel: 'Cancel', back: 'Back', settings: 'Settings',
    sending: 'Sending', delivered: 'Delivered', read: 'Read',
    offline: 'No connection. Your messages wait here and go out by themselves.',
    online: 'Back online. Everything has been sent.',
    kept: 'Not sent yet, kept on this device',
    tryNow: 'Try now',
    ourFault: "Something went wrong at our end. Your message is safe, we're trying again.",
    tooLong: 'The message is too long. Please split it in two.',
    typing: (name: string) => `${name} is writing`,
    newMessages: 'New messages',
  },
);

/** Feelings by their word; never to the customer who has them. */
export const feelings = catalogue(
  { calm: 'tyyni', pleased: 'tyytyväinen', frustrated: 'turhautunut', angry: 'vihainen', distressed: 'hätääntynyt', urgent: 'kiireinen', crisis: 'kriisi' },
  { calm: 'lugn', pleased: 'nöjd', frustrated: 'frustrerad', angry: 'arg', distressed: 'orolig', urgent: 'har bråttom', crisis: 'kris' },
  { calm: 'calm', pleased: 'pleased', frustrated: 'frustrated', angry: 'angry', distressed: 'distressed', urgent: 'in a hurry', crisis: 'crisis' },
);

/** Why a person was brought in, as a colleague would say it. */
export const reasons = catalogue(
  { asked: 'Pyysi ihmistä', feeling: 'Tästä on ollut harmia', crisis: 'Kriisi', complex: 'Asia on monimutkainen', stuck: 'Botti jäi jumiin', rule: 'Sovittu sääntö', bot_failed: 'Botti ei toiminut' },
  { asked: 'Bad om en människa', feeling: 'Det här har krånglat', crisis: 'Kris', complex: 'Ärendet är komplicerat', stuck: 'Botten körde fast', rule: 'Enligt en regel', bot_failed: 'Botten fungerade inte' },
  { asked: 'Asked for a person', feeling: 'This has been a nuisance', crisis: 'Crisis', complex: 'The matter is complex', stuck: 'The bot got stuck', rule: 'By a rule', bot_failed: 'The bot failed' },
);

const PLACES = {
  fi: ['ensimmäisenä', 'toisena', 'kolmantena', 'neljäntenä', 'viidentenä', 'kuudentena', 'seitsemäntenä', 'kahdeksantena', 'yhdeksäntenä', 'kymmenentenä'],
  sv: ['etta', 'tvåa', 'trea', 'fyra', 'femma', 'sexa', 'sjua', 'åtta', 'nia', 'tia'],
  en: ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
};

/** The place in the line, told to the one who stands there: “Olet jonossa toisena”. `position` counts from 1. */
export function place(position: number, language: Language): string {
  const word = PLACES[language][position - 1];
  if (language === 'fi') return word ? `Olet jonossa ${word}` : `Paikkasi jonossa: ${position}`;
  if (language === 'sv') return word ? `Du är ${word} i kön` : `Din plats i kön: ${position}`;
  return word ? `You're ${word} in line` : `Your place in line: ${position}`;
}
