import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { Agent, aino } from './agent.ts';
import { launch, picture, type Seat, seat } from './browser.ts';
import { Customer } from './customer.ts';
import { Desk, type DeskOptions } from './desk.ts';
import type { Language } from './names.ts';

/** What a file of tests plays on: one desk, which the doctor looks at in the end, one browser, and a seat for each who comes. */
export interface Stage {
  readonly desk: Desk;
  readonly browser: Browser;
  /** A browser of their own for somebody; it is closed after the test, which fails if anything went wrong in it. */
  seat(language: Language, options?: BrowserContextOptions): Promise<Seat>;
  /** A customer on the demo's shop page, with the chat open. */
  customer(language: Language, url?: string): Promise<Customer>;
  /** An agent at the console, online. */
  agent(language: Language, who?: { email: string; password: string }, url?: string): Promise<Agent>;
}

/** Sets the stage for the tests of this file. */
export function stage(options: DeskOptions = {}): Stage {
  let desk: Desk | undefined;
  let browser: Browser | undefined;
  let seats: Seat[] = [];
  const there = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error('the stage is not set yet');
    return what;
  };

  beforeAll(async () => {
    [desk, browser] = await Promise.all([Desk.start(options), launch()]);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await Promise.all(seats.map((each, i) => picture(each.page, `failed-${i}-${task.name.replace(/\W+/g, '-')}`)));
    const faults = seats.flatMap((each) => each.faults);
    await Promise.all(seats.map((each) => each.context.close()));
    seats = [];
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    // Whatever happened: nothing of what the desk promises may be broken. The doctor exits with 1 if something is.
    try {
      await desk?.command(['doctor']);
    } finally {
      await desk?.stop();
    }
  });

  return {
    get desk() {
      return there(desk);
    },
    get browser() {
      return there(browser);
    },
    async seat(language, options) {
      const taken = await seat(there(browser), language, options);
      seats.push(taken);
      return taken;
    },
    async customer(language, url = `${there(desk).url}/`) {
      const customer = new Customer((await this.seat(language)).page, language);
      await customer.open(url);
      return customer;
    },
    async agent(language, who = aino, url = there(desk).url) {
      const agent = new Agent((await this.seat(language)).page, language);
      await agent.arrive(url, who);
      return agent;
    },
  };
}
