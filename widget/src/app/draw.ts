import type { JSX } from 'preact';

/**
 * Draws what the views say, and of a change only what differs. Views are functions of what they are given and keep no
 * state of their own; so elements, texts, events, and a ref that hears when an element comes and goes, are all there is.
 */

type View = (props: Props) => Child;
type Props = Readonly<Record<string, unknown>> & { readonly children?: Child[] };
type Child = Tag | Child[] | string | number | boolean | null | undefined;

/** An element, or a view in its place. A view says its part once; where the same tag is drawn again, nothing is looked at. */
interface Tag { type: string | View; props: Props; key: string | undefined; said?: Child }

/** What stands on the screen: made from what, by which view, and with what inside, each under its place. */
interface Drawn { of: Tag | string; by: View | null; dom: ChildNode; inside: Places }
type Places = Map<string, Drawn>;

/** Parts side by side, without an element around them. */
export const Fragment = ({ children }: Props): Child => children;

/** What a tag of JSX becomes. */
export function h(type: string | View, given: Record<string, unknown> | null, ...children: Child[]): Tag {
  const { key, ...props } = given ?? {};
  return { type, props: children.length > 0 ? { ...props, children } : props, key: key as string | undefined };
}

const roots = new WeakMap<Element, Places>();
let arrived: (() => void)[] = [];

/** Draws into `root`, over what it drew there before. Refs hear when all stands. */
export function render(what: JSX.Element, root: Element): void {
  roots.set(root, fill(root, what as unknown as Tag, roots.get(root) ?? new Map()));
  const tell = arrived;
  arrived = [];
  for (const t of tell) t();
}

/** What has the same place, type and view as before keeps its node, and with it the focus; the rest goes. */
function fill(parent: Element, children: Child, before: Places): Places {
  const after: Places = new Map();
  gather(children, '', null, (place, of, by) => {
    const old = before.get(place);
    const stays = old?.by === by && kind(old.of) === kind(of);
    if (stays) before.delete(place);
    after.set(place, draw(of, by, stays ? old : undefined, parent));
  });
  before.forEach(leave);
  let i = 0;
  for (const { dom } of after.values()) {
    const there = parent.childNodes[i++] ?? null;
    if (there !== dom) parent.insertBefore(dom, there);
  }
  return after;
}

const kind = (of: Tag | string) => (typeof of === 'string' ? '' : of.type);

/** Each element and text that the children come to, under its place: its index or its key, within those around it. */
function gather(c: Child, place: string, by: View | null, found: (place: string, of: Tag | string, by: View | null) => void): void {
  if (Array.isArray(c)) return c.forEach((each, i) => gather(each, `${place}\n${(each as Tag | null)?.key ?? i}`, null, found));
  if (c === undefined || c === null || typeof c === 'boolean') return;
  if (typeof c !== 'object') return found(place, `${c}`, by);
  if (typeof c.type === 'string') return found(place, c, by);
  c.said ??= c.type(c.props);
  gather(c.said, place, by ?? c.type, found);
}

function draw(of: Tag | string, by: View | null, old: Drawn | undefined, parent: Element): Drawn {
  if (old?.of === of) return old;
  if (typeof of === 'string') {
    const dom = (old?.dom as Text | undefined) ?? document.createTextNode(of);
    dom.data = of;
    return { of, by, dom, inside: new Map() };
  }
  const dom = (old?.dom as Element | undefined) ?? create(of.type as string, parent);
  const { children, ref, ...props } = of.props;
  dress(dom, props, old ? (old.of as Tag).props : {});
  if (!old && ref) arrived.push(() => (ref as (dom: Element) => void)(dom));
  return { of, by, dom, inside: fill(dom, children, old?.inside ?? new Map()) };
}

function create(type: string, parent: Element): Element {
  const svg = 'http://www.w3.org/2000/svg';
  return type === 'svg' || parent.namespaceURI === svg ? document.createElementNS(svg, type) : document.createElement(type);
}

/** A customer changes the value of a field, so it is compared with the field and not with what was drawn. */
function dress(dom: Element, props: Record<string, unknown>, before: Record<string, unknown>): void {
  const field = dom as unknown as Record<string, unknown>;
  for (const name of new Set([...Object.keys(before), ...Object.keys(props)])) {
    const value = props[name];
    if (name === 'children' || name === 'ref') continue;
    if (name.startsWith('on')) field[name.toLowerCase()] = value ?? null;
    else if (name === 'value' || name === 'checked') { if (field[name] !== value) field[name] = value; }
    else if (value === before[name]) continue;
    else if (value === undefined || value === null || value === false) dom.removeAttribute(name);
    else dom.setAttribute(name, value === true ? '' : `${value as string}`);
  }
}

function leave({ of, dom, inside }: Drawn): void {
  inside.forEach(leave);
  if (typeof of !== 'string') (of.props['ref'] as ((dom: null) => void) | undefined)?.(null);
  dom.remove();
}
