/** A conversation that is held out to this agent until a moment. */
export interface Offer {
  readonly conversation: string;
  /** Milliseconds, by the desk's clock. */
  readonly until: number;
  /** The colleague who passes it on, by id and name as far as they are told; empty where the line holds it out. */
  readonly from: string;
}

/** Why an agent does not take what is offered, beside their own words. */
export const declineReasons = ['busy', 'skills', 'language', 'break', 'conflict'] as const;

export function addOffer(offers: readonly Offer[], offer: Offer): readonly Offer[] {
  return [...offers.filter((other) => other.conversation !== offer.conversation), offer];
}

export function dropOffer(offers: readonly Offer[], conversation: string): readonly Offer[] {
  return offers.some((offer) => offer.conversation === conversation)
    ? offers.filter((offer) => offer.conversation !== conversation)
    : offers;
}

/** Without those whose time is over. */
export function openOffers(offers: readonly Offer[], now: number): readonly Offer[] {
  return offers.some((offer) => offer.until <= now) ? offers.filter((offer) => offer.until > now) : offers;
}

/**
 * The seconds that an offer still stands, as they are shown: in steps of five, then of one word. What is read at a
 * glance needs no seconds that run.
 */
export function secondsLeft(until: number, now: number): number {
  const left = Math.max(0, until - now) / 1000;
  return left <= 5 ? 0 : Math.floor(left / 5) * 5;
}
