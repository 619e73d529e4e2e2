import type { JSX } from 'preact';
import type { Field } from '@kohta/client';
import { Icon, iWarn } from '@kohta/look';
import { send, submit, words } from '../desk.ts';
import type { Row } from '../rows.ts';
import { filled, focus } from '../ui.ts';

const WRONG = '.card-form [aria-invalid]';

/** The bot's questions, asked at once. Corrections come as the same form with what was wrong. */
export function FormCard({ row }: { row: Extract<Row, { row: 'form' }> }): JSX.Element {
  const t = words.value;
  const { fields } = row.form;
  const { values, missing } = filled.value[row.key] ?? { values: Object.fromEntries(fields.map((f) => [f.name, f.value ?? ''])), missing: [] };
  const put = (next: { values?: typeof values; missing?: typeof missing }) => {
    filled.value = { ...filled.value, [row.key]: { values, missing, ...next } };
  };
  const hand = (e: Event) => {
    e.preventDefault();
    const empty = fields.filter((f) => f.required && !values[f.name]?.trim()).map((f) => f.name);
    put({ missing: empty });
    if (empty.length > 0) return focus(WRONG);
    submit(row.conversation, row.seq, Object.fromEntries(fields.map((f) => [f.name, values[f.name]?.trim() ?? ''])));
  };
  return (
    <form class="card card-form" aria-label={t.formName} noValidate ref={met} onSubmit={hand}>
      {fields.map((f) => (
        <Question
          key={f.name} f={f} id={`${row.key}.${f.name}`} value={values[f.name] ?? ''}
          wrong={missing.includes(f.name) ? t.needed : f.wrong && values[f.name] === (f.value ?? '') ? f.wrong : ''}
          onInput={(v) => put({ values: { ...values, [f.name]: v } })}
        />
      ))}
      <div class="card-row">
        <button class="btn btn-main" type="submit">{t.submit}</button>
        <button class="btn btn-bare" type="button" onClick={() => send(t.skip)}>{t.skip}</button>
      </div>
    </form>
  );
}

/** A correction takes the focus, unless somebody is writing something else. */
function met(form: HTMLFormElement | null): void {
  const at = document.activeElement;
  const idle = at === document.body || (at instanceof HTMLTextAreaElement && at.value === '');
  if (form && idle) focus(WRONG);
}

interface QuestionProps { f: Field; id: string; value: string; wrong: string; onInput(value: string): void }

function Question({ f, id, value, wrong, onInput }: QuestionProps): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{f.label}{f.required === false && <span class="hint"> ({words.value.optional})</span>}</label>
      <input
        id={id} name={f.name} value={value} required={f.required !== false} {...kindOf(f.type)}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby={wrong ? `${id}.wrong` : undefined}
        onInput={(e) => onInput(e.currentTarget.value)}
      />
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
