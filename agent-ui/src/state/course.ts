import type { Baton, FeelingName } from '@kohta/client';

/** How deep a feeling draws the line of water, in units of the drawing: calm is the still surface. */
const depth: Record<FeelingName, number> = {
  pleased: 12, calm: 16, urgent: 34, frustrated: 36, distressed: 48, angry: 60, crisis: 66,
};

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Marked extends Point {
  readonly nr: number;
  readonly feeling: FeelingName;
  readonly quote: string;
  readonly heavy: boolean;
}

export interface Course {
  /** The line of water, and the area between it and the still surface; empty where a single feeling is no course. */
  readonly line: string;
  readonly under: string;
  /** How high the drawing is, down to its deepest mark. */
  readonly height: number;
  readonly marks: readonly Marked[];
  readonly worst: FeelingName;
}

const left = 10;
const right = 310;
const still = 16;
/** Room below a mark for its number. */
const below = 16;

/** Whether a feeling is hard to carry, for the agent as well. */
export function isHard(feeling: FeelingName | null): boolean {
  return feeling === 'angry' || feeling === 'distressed' || feeling === 'crisis';
}

/** The course of feeling as a line in a drawing 340 wide, with at most three numbered marks: first, hardest, last. */
export function courseOf(feelings: NonNullable<Baton['feelings']>): Course | null {
  const known = feelings.filter((mark) => depth[mark.feeling] !== undefined);
  const first = known[0];
  if (first === undefined) return null;
  const at = known.map((mark, i) => ({ x: left + ((right - left) * i) / Math.max(1, known.length - 1), y: depth[mark.feeling] }));
  const worst = known.reduce((deepest, mark, i) => (depth[mark.feeling] > depth[known[deepest]?.feeling ?? 'calm'] ? i : deepest), 0);
  const chosen = [...new Set([0, worst, known.length - 1])].sort((a, b) => a - b);
  const marks = chosen.flatMap((index, i) => {
    const mark = known[index];
    const point = at[index];
    return mark && point ? [{ ...point, nr: i + 1, feeling: mark.feeling, quote: mark.quote ?? '', heavy: isHard(mark.feeling) }] : [];
  });
  const line = known.length > 1 ? smooth(at) : '';
  const height = Math.max(...at.map((point) => point.y)) + below;
  return { line, under: line && `${line}L${right} ${still}H${left}Z`, height, marks, worst: known[worst]?.feeling ?? first.feeling };
}

function smooth(points: readonly Point[]): string {
  return points.reduce((path, point, i) => {
    const before = points[i - 1];
    if (before === undefined) return `M${round(point.x)} ${point.y}`;
    const middle = round((before.x + point.x) / 2);
    return `${path}C${middle} ${before.y} ${middle} ${point.y} ${round(point.x)} ${point.y}`;
  }, '');
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
