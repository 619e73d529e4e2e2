import { expect, test } from 'vitest';
import { picture } from '../browser.ts';
import { type Language, names } from '../names.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const play = stage();

interface Words {
  bot: RegExp;
  called: string;
  order: string;
  fields: Record<string, string>;
  answer: RegExp;
  upset: string;
  coming: RegExp;
  reply: string;
  thanks: string;
}

const words: Record<Language, Words> = {
  fi: {
    bot: /botti, en ihminen/,
    called: 'Kahvilan botti',
    order: 'Moi! Koska mun tilaus 10234 tulee?',
    fields: { Tilausnumero: '10234', Sähköposti: 'marja@posti.example' },
    answer: /^Tilaus 10234 lähti .* ja saapuu .* noutopisteeseen/,
    upset: 'tää on jo kolmas kerta kun kysyn, ihan surkeeta',
    coming: /Haen ihmisen/,
    reply: 'Hei, täällä Aino. Näen tilauksesi, katson sen heti.',
    thanks: 'kiitos Aino',
  },
  sv: {
    bot: /chattbot, ingen människa/,
    called: 'Kaféets bot',
    order: 'Hej, när kommer min beställning 10240?',
    fields: { Beställningsnummer: '10240', 'E-post': 'linnea@post.example' },
    answer: /^Beställning 10240 /,
    upset: 'det här är tredje gången jag frågar, helt värdelöst',
    coming: /Jag hämtar en människa/,
    reply: 'Hej, det är Aino. Jag ser din beställning och kollar den genast.',
    thanks: 'tack Aino',
  },
  en: {
    bot: /a bot, not a person/,
    called: 'The coffee bot',
    order: 'Hi, where is my order 10229?',
    fields: { 'Order number': '10229', 'E-mail': 'sofia@mail.example' },
    answer: /^Order 10229 left /,
    upset: 'this is the third time I am asking, this is ridiculous',
    coming: /I'm fetching a person/,
    reply: 'Hello, this is Aino. I see your order and will look into it.',
    thanks: 'thank you Aino',
  },
};

test.each(['fi', 'sv', 'en'] as const)('from the first question to the rating (%s)', async (language) => {
  const say = words[language];
  const agent = await play.agent(language);
  const customer = await play.customer(language);

  // The bot answers the routine by its form and the look-up.
  await customer.reads(say.bot);
  await customer.say(say.order);
  await customer.fill(say.fields);
  await customer.reads(say.answer);
  await customer.dialog.getByText(say.called, { exact: true }).first().waitFor();
  await picture(customer.page, `way-${language}-bot`);

  // What upsets brings a person, and the person sees why before the first word.
  await customer.say(say.upset);
  await customer.reads(say.coming);
  const history = agent.page.waitForResponse(/\/api\/v1\/visitors\/[^/]+\/conversations/);
  await agent.take(say.upset);
  await agent.unfold();
  await agent.reads(say.upset);
  await agent.reads(say.order);
  const baton = agent.page.getByRole('main');
  await baton.getByText(Object.values(say.fields)[0] ?? '').first().waitFor();
  await picture(agent.page, `way-${language}-console`);

  await agent.reply(say.reply);
  await customer.reads(say.reply);
  await customer.dialog.getByText('Aino').first().waitFor();
  await customer.say(say.thanks);
  await agent.reads(say.thanks);
  await picture(customer.page, `way-${language}-person`);

  // It ends with a rating, which is stored and outlives a reload.
  await agent.button('resolve').click();
  await until('no conversation of mine', async () => (await agent.mine.getByRole('listitem').count()) === 0);
  await customer.rate(5, say.thanks);
  await picture(customer.page, `way-${language}-end`);
  const url = (await history).url();
  const stored = await agent.page.evaluate(async (address) => (await fetch(address)).json(), url);
  expect(stored.items[0]).toMatchObject({ state: 'closed', agent: { name: 'Aino Lahti' }, rating: { survey: 'csat', score: 5 } });

  await customer.page.reload();
  await customer.resume();
  await customer.reads(names[language].rated);
  for (const line of [say.order, say.upset, say.reply]) expect([line, await customer.times(line)]).toEqual([line, 1]);
});

test('whoever asks for a person is not argued with', async () => {
  const customer = await play.customer('fi');
  await customer.person.click();
  await customer.reads(/Haen ihmisen, koska pyysit/);
  expect(await customer.person.isEnabled()).toBe(true);
});

test('a button of the bot is an answer', async () => {
  const customer = await play.customer('fi');
  await customer.say('hei');
  await customer.log.getByRole('button', { name: 'Toimitusaika ja hinta' }).click();
  await customer.reads(/2–4 arkipäiv/);
  expect(await customer.times('Toimitusaika ja hinta')).toBe(1);
});

test('a form is left with never mind', async () => {
  const customer = await play.customer('fi');
  await customer.say('missä mun paketti on');
  await customer.reads('Katson heti, missä tilauksesi on.');
  await customer.say('ei sittenkään');
  await customer.reads(/Selvä, jätetään se/);
});
