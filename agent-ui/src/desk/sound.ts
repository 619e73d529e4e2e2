import type { Chime } from '../state/chimes.ts';

/** A tone: when it begins and how long it rings, in seconds, and how high it is, in hertz. */
interface Tone {
  readonly at: number;
  readonly long: number;
  readonly hz: number;
}

const chimes: Record<Chime, readonly Tone[]> = {
  answer: [{ at: 0, long: 0.16, hz: 659 }, { at: 0.09, long: 0.22, hz: 784 }],
  offer: [{ at: 0, long: 0.26, hz: 330 }, { at: 0.2, long: 0.34, hz: 392 }],
  waiting: [{ at: 0, long: 0.3, hz: 330 }],
  crisis: [{ at: 0, long: 0.28, hz: 440 }, { at: 0.24, long: 0.28, hz: 349 }, { at: 0.48, long: 0.4, hz: 440 }],
};

const loudness = 0.06;

/** Soft sounds, silent until the first gesture on the page: a browser would refuse them, and an agent would start. */
export class Sounds {
  #context: AudioContext | null = null;

  /** Begins to listen for the first gesture. */
  wait(target: EventTarget): void {
    const begin = (): void => {
      target.removeEventListener('pointerdown', begin);
      target.removeEventListener('keydown', begin);
      if (typeof AudioContext !== 'undefined') this.#context ??= new AudioContext();
    };
    target.addEventListener('pointerdown', begin);
    target.addEventListener('keydown', begin);
  }

  play(chime: Chime): void {
    const context = this.#context;
    if (context === null) return;
    void context.resume();
    for (const tone of chimes[chime]) ring(context, tone);
  }
}

function ring(context: AudioContext, tone: Tone): void {
  const from = context.currentTime + tone.at;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(loudness, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, from + tone.long);
  const voice = context.createOscillator();
  voice.type = 'sine';
  voice.frequency.value = tone.hz;
  voice.connect(gain).connect(context.destination);
  voice.start(from);
  voice.stop(from + tone.long);
}
