import type { FeelingName } from '@kohta/client';
import { iFAngry, iFCalm, iFCrisis, iFDistressed, iFFrustrated, iFPleased, iFUrgent } from '@kohta/look';

/** The icons that the console alone has, drawn as those of @kohta/look. */
export const iMore = 'M4.75 12a.5.5 0 1 0 1 0a.5.5 0 1 0 -1 0zM11.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0 -1 0zM18.25 12a.5.5 0 1 0 1 0a.5.5 0 1 0 -1 0z';
export const iSilent = 'M4.5 9.5v5h3.25l4.5 3.75V5.75L7.75 9.5zM15.75 9.75l4.5 4.5M20.25 9.75l-4.5 4.5';
export const iSound = 'M4.5 9.5v5h3.25l4.5 3.75V5.75L7.75 9.5zM15.5 9.25a4 4 0 0 1 0 5.5M18 6.75a7.5 7.5 0 0 1 0 10.5';

export const iBell = 'M6 16.5h12c-1.2-1.4-1.5-2.7-1.5-4.75a4.5 4.5 0 0 0 -9 0c0 2.05-.3 3.35-1.5 4.75zM10.25 19.5a2 2 0 0 0 3.5 0';

/** Feelings are drawn as water: still, ripples, waves. */
export const water: Readonly<Record<FeelingName, string>> = {
  calm: iFCalm, pleased: iFPleased, frustrated: iFFrustrated, angry: iFAngry, distressed: iFDistressed, urgent: iFUrgent, crisis: iFCrisis,
};
