import { catalogue } from './language.ts';

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
