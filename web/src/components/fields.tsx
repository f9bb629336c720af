import { useId, type ReactElement, type ReactNode } from 'react';

interface FieldProps { readonly label: string; readonly hint?: ReactNode; readonly children: (id: string, hintId: string) => ReactNode }

/** A label above its control, and what helps to fill it in. */
export function Field({ label, hint, children }: FieldProps): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id, `${id}-hint`)}
      {hint !== undefined && hint !== null && <p id={`${id}-hint`} className="hint">{hint}</p>}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly placeholder?: string;
  readonly disabled?: boolean;
}

export function SelectField({ label, value, options, onChange, hint, placeholder, disabled }: SelectProps): ReactElement {
  return (
    <Field label={label} hint={hint}>
      {(id, hintId) => (
        <select id={id} value={value} disabled={disabled} aria-describedby={hint === undefined ? undefined : hintId} onChange={(e) => onChange(e.target.value)}>
          {placeholder !== undefined && <option value="" disabled>{placeholder}</option>}
          {options.map((o) => <option key={o.value} value={o.value}>{o.text}</option>)}
        </select>
      )}
    </Field>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly type?: 'text' | 'number' | 'date';
  readonly min?: number;
  readonly mono?: boolean;
  readonly placeholder?: string;
  readonly required?: boolean;
}

export function TextField({ label, value, onChange, hint, type = 'text', min, mono, placeholder, required }: TextProps): ReactElement {
  return (
    <Field label={label} hint={hint}>
      {(id, hintId) => (
        <input
          id={id} type={type} value={value} min={min} placeholder={placeholder} required={required} spellCheck={false} autoComplete="off"
          className={mono === true ? 'mono' : undefined} aria-describedby={hint === undefined ? undefined : hintId} onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  );
}
