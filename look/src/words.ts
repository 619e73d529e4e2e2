import { catalogue } from './language.ts';

/** Feelings by their word; never to the customer who has them. */
export const feelings = catalogue(
  { calm: 'rauhallinen', pleased: 'tyytyväinen', frustrated: 'turhautunut', angry: 'vihainen', distressed: 'huolissaan', urgent: 'kiireinen', crisis: 'kriisi' },
  { calm: 'lugn', pleased: 'nöjd', frustrated: 'frustrerad', angry: 'arg', distressed: 'orolig', urgent: 'har bråttom', crisis: 'kris' },
  { calm: 'calm', pleased: 'pleased', frustrated: 'frustrated', angry: 'angry', distressed: 'worried', urgent: 'in a hurry', crisis: 'crisis' },
);

/** Why a person was brought in, as a colleague would say it: few words, for a list. */
export const reasons = catalogue(
  { asked: 'Pyysi ihmistä', feeling: 'Asia harmittaa', crisis: 'Kriisi', complex: 'Mutkikas asia', stuck: 'Botti jumissa', rule: 'Säännön mukaan', bot_failed: 'Botti ei toiminut' },
  { asked: 'Bad om en människa', feeling: 'Det har krånglat', crisis: 'Kris', complex: 'Knepigt ärende', stuck: 'Botten sitter fast', rule: 'Enligt regel', bot_failed: 'Botten fungerade inte' },
  { asked: 'Asked for a person', feeling: 'Upset', crisis: 'Crisis', complex: 'Complex matter', stuck: 'Bot is stuck', rule: 'By rule', bot_failed: 'Bot failed' },
);
