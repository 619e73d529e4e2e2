import type { JSX } from 'preact';
import type { Field, Form } from '@kohta/client';
import { Icon, iWarn } from '@kohta/look';
import { send, submit } from '../desk.ts';
import type { Asking } from '../rows.ts';
import { filled, focus, wish } from '../ui.ts';
import type { Spoken, Words } from '../words.ts';

const WRONG = '.form [aria-invalid]';

/** Questions asked at once, by the bot or by the house. Corrections come as the same form with what was wrong. */
export function FormCard({ row, house, t, lang }: Spoken & { row: Asking & { form: Form }; house?: boolean }): JSX.Element {
  const { id, fields } = row.form;
  const { values, wrong } = filled.value[row.key] ?? { values: Object.fromEntries(fields.map((f) => [f.name, f.value ?? ''])), wrong: [] };
  const put = (next: { values?: typeof values; wrong?: typeof wrong }) => {
    filled.value = { ...filled.value, [row.key]: { values, wrong, ...next } };
  };
  const fault = (f: Field) => {
    const value = values[f.name]?.trim() ?? '';
    return !value ? f.required && t.needed : house && shaped(f, value, t);
  };
  const hand = (e: Event) => {
    e.preventDefault();
    const found = fields.filter(fault).map((f) => f.name);
    put({ wrong: found });
    if (found.length > 0) return focus(WRONG);
    submit(row.conversation, row.seq, Object.fromEntries(fields.map((f) => [f.name, values[f.name]?.trim() ?? ''])));
  };
  return (
    <form class={house ? 'form' : 'form card card-form'} aria-label={t.form} lang={lang} noValidate ref={met} onSubmit={hand}>
      {fields.map((f) => (
        <Question
          key={f.name} f={f} t={t} id={`${row.key}.${f.name}`} value={values[f.name] ?? ''}
          wrong={(wrong.includes(f.name) && fault(f)) || (f.wrong && values[f.name] === (f.value ?? '') ? f.wrong : '')}
          onInput={(v) => put({ values: { ...values, [f.name]: v } })}
        />
      ))}
      <div class="card-row">
        <button class="btn btn-main" type="submit">{!house ? t.submit : id.startsWith('call') ? t.book : t.send}</button>
        {!house && <button class="btn btn-bare" type="button" onClick={() => send(t.skip)}>{t.skip}</button>}
      </div>
    </form>
  );
}

/** What is wrong with how an answer looks; empty if it may be right. */
function shaped({ type }: Field, value: string, t: Words): string {
  if (type === 'email' && !/^\S+@\S+\.\S+$/.test(value)) return t.badEmail;
  return type === 'phone' && value.replace(/\D/g, '').length < 5 ? t.badPhone : '';
}

/** A correction, and a form that was asked for or comes back, takes the focus, unless somebody is writing something else. */
function met(form: HTMLFormElement | null): void {
  const at = document.activeElement;
  const idle = at === document.body || (at instanceof HTMLTextAreaElement ? at.value === '' : wish.form && at?.role === 'log');
  const field = form?.querySelector<HTMLElement>('[aria-invalid]') ?? (wish.form && form?.querySelector('input'));
  if (!field || !idle) return;
  wish.form = false;
  setTimeout(() => field.focus());
}

interface QuestionProps { f: Field; t: Words; id: string; value: string; wrong: string; onInput(value: string): void }

function Question({ f, t, id, value, wrong, onInput }: QuestionProps): JSX.Element {
  const box = {
    id, name: f.name, value, required: f.required !== false, 'aria-invalid': wrong ? 'true' as const : undefined, 'aria-describedby': wrong ? `${id}.wrong` : undefined,
    onInput: (e: { currentTarget: { value: string } }) => onInput(e.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{f.label}{f.required === false && <span class="hint"> ({t.optional})</span>}</label>
      {f.name === 'message' ? <textarea rows={3} {...box} /> : <input {...box} {...kindOf(f.type)} />}
      {wrong && <p class="wrong" id={`${id}.wrong`}><Icon d={iWarn} small /><span>{wrong}</span></p>}
    </div>
  );
}

/** How a device should offer to fill a field of this type. */
function kindOf(type: string): JSX.IntrinsicElements['input'] {
  switch (type) {
    case 'email': return { type: 'email', autocomplete: 'email' };
    case 'phone': return { type: 'tel', autocomplete: 'tel' };
    case 'number': case 'order_number': return { type: 'text', inputMode: 'numeric', autocomplete: 'off' };
    default: return { type: 'text', autocomplete: 'off' };
  }
}
