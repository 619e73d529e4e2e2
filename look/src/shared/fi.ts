/** What both screens say. The Finnish texts say which there are. */
export const sharedFi = {
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
};
