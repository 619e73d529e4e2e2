/** A soft, short sign that a person has answered. Two tones, quiet; nothing is fetched for it. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    tone(audio, 587, 0);
    tone(audio, 784, 0.12);
    setTimeout(() => void audio.close(), 800);
  } catch {
    // no sound here: the sign is written as well
  }
}

function tone(audio: AudioContext, hertz: number, after: number): void {
  const at = audio.currentTime + after;
  const volume = audio.createGain();
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.06, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.4);
}
