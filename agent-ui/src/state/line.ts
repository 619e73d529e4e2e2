/** The waiting line in service order: who is next stands first. Ids only; the snapshots are in the talks. */
export interface Line {
  readonly order: readonly string[];
  /** How many wait in all, also those beyond the part that was sent. */
  readonly total: number;
  /** The version of the last change that was heard of; null before the first. */
  readonly version: number | null;
  /** Heartbeats in a row that told of a version that never came. At two, the line is asked for anew. */
  readonly behind: number;
}

export const noLine: Line = { order: [], total: 0, version: null, behind: 0 };

/** What places a newcomer: its place where the server tells it, else crisis first and then who came first. */
export interface Place {
  readonly conversation: string;
  readonly position: number | null;
  readonly crisis: boolean;
  readonly since: number;
}

/** The line as a welcome or a reset gives it. */
export function wholeLine(order: readonly string[], total: number, version: number | null): Line {
  return { order, total: Math.max(total, order.length), version, behind: 0 };
}

/** What a change of the line brings. `order` is the whole of it, next first, where the desk tells it. */
export interface LineChange {
  readonly added: readonly Place[];
  readonly removed: readonly string[];
  readonly version: number;
  readonly total?: number | undefined;
  readonly order?: readonly string[] | undefined;
}

/**
 * A change of the line. A change as old as the line or older changes nothing. Where no order is told, `placeOf` tells
 * where an id that waits already would stand.
 */
export function changeLine(line: Line, change: LineChange, placeOf: (conversation: string) => Place): Line {
  if (line.version !== null && change.version <= line.version) return line;
  if (change.order !== undefined) return wholeLine(change.order, change.total ?? change.order.length, change.version);
  const gone = change.removed.filter((id) => !change.added.some((place) => place.conversation === id));
  let order = line.order.filter((id) => !gone.includes(id));
  const left = line.order.length - order.length;
  let came = 0;
  for (const place of change.added) {
    if (!order.includes(place.conversation)) came++;
    order = put(order, place, placeOf);
  }
  const total = change.total ?? Math.max(order.length, line.total - left + came);
  return { order, total, version: change.version, behind: 0 };
}

/** A heartbeat tells how long the line is and which version it has. */
export function lineBeat(line: Line, beat: { total: number; version: number }): Line {
  const behind = line.version !== null && beat.version > line.version ? line.behind + 1 : 0;
  const total = Math.max(beat.total, line.order.length);
  return behind === line.behind && total === line.total ? line : { ...line, total, behind };
}

/** Takes one out: it has been taken, here or elsewhere. */
export function leaveLine(line: Line, conversation: string): Line {
  if (!line.order.includes(conversation)) return line;
  return { ...line, order: line.order.filter((id) => id !== conversation), total: Math.max(0, line.total - 1) };
}

function put(order: readonly string[], place: Place, placeOf: (conversation: string) => Place): string[] {
  const at = order.indexOf(place.conversation);
  if (at >= 0 && (place.position === null || place.position - 1 === at)) return [...order];
  const rest = order.filter((id) => id !== place.conversation);
  const index = place.position !== null ? Math.min(place.position - 1, rest.length) : before(rest, place, placeOf);
  return [...rest.slice(0, index), place.conversation, ...rest.slice(index)];
}

function before(order: readonly string[], place: Place, placeOf: (conversation: string) => Place): number {
  const index = order.findIndex((id) => {
    const other = placeOf(id);
    return place.crisis !== other.crisis ? place.crisis : place.since < other.since;
  });
  return index < 0 ? order.length : index;
}
