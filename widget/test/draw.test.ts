import { beforeEach, describe, expect, test } from 'vitest';
import type { JSX } from 'preact';
import { Fragment, h, render } from '../src/app/draw.ts';

/** As much of a document as drawing needs. */
class FakeNode {
  childNodes: FakeNode[] = [];
  parent: FakeNode | null = null;
  attributes = new Map<string, string>();
  data = '';
  constructor(readonly name: string, readonly namespaceURI: string) {}
  insertBefore(node: FakeNode, before: FakeNode | null): void {
    moves++;
    node.remove();
    this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, node);
    node.parent = this;
  }
  remove(): void {
    this.parent?.childNodes.splice(this.parent.childNodes.indexOf(this), 1);
    this.parent = null;
  }
  setAttribute(name: string, value: string): void { this.attributes.set(name, value); }
  removeAttribute(name: string): void { this.attributes.delete(name); }
  get html(): string {
    if (this.name === '#text') return this.data;
    const attributes = [...this.attributes].sort().map(([k, v]) => ` ${k}="${v}"`).join('');
    return `<${this.name}${attributes}>${this.childNodes.map((c) => c.html).join('')}</${this.name}>`;
  }
}
type Field = FakeNode & { value?: string; checked?: boolean; onclick?: unknown; onkeydown?: unknown };

let moves = 0;
const html = 'http://www.w3.org/1999/xhtml';
Object.assign(globalThis, {
  document: {
    createElement: (name: string) => new FakeNode(name, html),
    createElementNS: (ns: string, name: string) => new FakeNode(name, ns),
    createTextNode: () => new FakeNode('#text', ''),
  },
});

let root: FakeNode;
const draw = (what: unknown) => {
  moves = 0;
  render(what as JSX.Element, root as unknown as Element);
  return root.childNodes.map((c) => c.html).join('');
};
beforeEach(() => { root = new FakeNode('root', html); });

const list = (...keys: string[]) => h('ul', null, keys.map((key) => h('li', { key }, key)));
const items = () => root.childNodes[0]?.childNodes ?? [];

describe('drawing', () => {
  test('elements, texts, numbers, lists and fragments; nothing for what is nothing', () => {
    expect(draw(h('p', { class: 'a', hidden: true, lang: undefined }, 'x', 1, null, false, undefined, true, '', h(Fragment, null, 'y', ['z', h('b', null)]))))
      .toBe('<p class="a" hidden="">x1yz<b></b></p>');
  });

  test('of a change only what differs', () => {
    draw(h('p', { class: 'a', id: 'i' }, 'x', h('b', null, 'y')));
    const [p] = root.childNodes;
    const b = p?.childNodes[1];
    expect(draw(h('p', { class: 'b' }, 'z', h('b', null, 'y')))).toBe('<p class="b">z<b>y</b></p>');
    expect(root.childNodes[0]).toBe(p);
    expect(p?.childNodes[1]).toBe(b);
    expect(moves).toBe(0);
  });

  test('what comes and goes between others leaves them where they are', () => {
    const page = (more: boolean) => h('div', null, h('i', null), more && h('div', { class: 'more' }), h('div', { class: 'row' }, h('button', null)));
    draw(page(false));
    const row = root.childNodes[0]?.childNodes[1];
    expect(draw(page(true))).toContain('<div class="more"></div><div class="row">');
    expect([root.childNodes[0]?.childNodes[2], moves]).toEqual([row, 1]);
    draw(page(false));
    expect([root.childNodes[0]?.childNodes[1], moves]).toEqual([row, 0]);
  });

  test('another view in the same place is another element, even if it looks alike', () => {
    const seen: string[] = [];
    const view = (name: string) => () => h('div', { ref: (at: unknown) => seen.push(at ? `${name} comes` : `${name} goes`) });
    const [One, Two] = [view('one'), view('two')];
    const page = (which: typeof One) => h('main', null, h(Fragment, null, h(which, null)));
    draw(page(One));
    draw(page(One));
    const one = root.childNodes[0]?.childNodes[0];
    draw(page(Two));
    expect(root.childNodes[0]?.childNodes[0]).not.toBe(one);
    expect(seen).toEqual(['one comes', 'one goes', 'two comes']);
  });

  test('a ref hears when all stands, and of each element that goes with another', () => {
    let inside: string | null = '';
    draw(h('form', { ref: (at: FakeNode | null) => { inside = at && at.html; } }, h('input', { id: 'a' })));
    expect(inside).toBe('<form><input id="a"></input></form>');
    draw(h('p', null));
    expect(inside).toBeNull();
  });

  test('a view is asked once for the same tag', () => {
    let times = 0;
    const View = () => { times++; return h('p', null); };
    const tag = h(View, null);
    draw(h('div', null, [tag]));
    draw(h('div', null, [tag]));
    draw(h('div', null, [h(View, null)]));
    expect(times).toBe(2);
  });

  test('a field is compared with what the customer made of it', () => {
    draw(h('input', { value: 'a', checked: false }));
    const field = root.childNodes[0] as Field;
    field.value = 'typed';
    field.checked = true;
    draw(h('input', { value: 'a', checked: false }));
    expect([field.value, field.checked]).toEqual(['a', false]);
  });

  test('events, and none when they are gone', () => {
    const press = () => undefined;
    draw(h('button', { onClick: press, onKeyDown: press }));
    const button = root.childNodes[0] as Field;
    expect([button.onclick, button.onkeydown]).toEqual([press, press]);
    draw(h('button', { onClick: press }));
    expect([button.onclick, button.onkeydown]).toEqual([press, null]);
  });

  test('pictures are of their own kind, with all in them', () => {
    draw(h('p', null, h('svg', { viewBox: '0 0 1 1' }, h('path', { d: 'M0' }))));
    const svg = root.childNodes[0]?.childNodes[0];
    expect([svg?.namespaceURI, svg?.childNodes[0]?.namespaceURI, svg?.attributes.get('viewBox')]).toEqual(['http://www.w3.org/2000/svg', 'http://www.w3.org/2000/svg', '0 0 1 1']);
  });
});

describe('lists', () => {
  test('what is new at an end moves nothing else', () => {
    draw(list('a', 'b', 'c'));
    const before = [...items()];
    draw(list('x', 'a', 'b', 'c', 'd'));
    expect(items().slice(1, 4)).toEqual(before);
    expect(moves).toBe(4);          // two elements, and the text in each
  });

  test('any list after any other: right, and what stays is the same node', () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    for (let run = 0; run < 500; run++) {
      const some = () => [...new Set(Array.from({ length: random(9) }, () => 'abcdefgh'[random(8)] ?? ''))];
      const [one, two] = [some(), some()];
      draw(list(...one));
      const nodes = new Map(one.map((key, i) => [key, items()[i]]));
      expect(draw(list(...two))).toBe(`<ul>${two.map((k) => `<li>${k}</li>`).join('')}</ul>`);
      two.forEach((key, i) => { if (nodes.has(key)) expect(items()[i]).toBe(nodes.get(key)); });
    }
  });
});
