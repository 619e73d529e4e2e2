/** A conversation that is held out to this agent until a moment. */
export interface Offer {
  readonly conversation: string;
  /** Milliseconds, by the desk's clock. */
  readonly until: number;
}

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
