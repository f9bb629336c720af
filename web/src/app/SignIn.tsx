import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { signIn, useAccess } from '../api/key';

/** Asks for the key where the server refused; the address stays, and the page is read again with the key. */
export function SignIn(): ReactElement | null {
  const { refusal, key } = useAccess();
  const [text, setText] = useState('');
  const id = useId();
  if (refusal === null) return null;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') signIn(text.trim());
    setText('');
  };
  return (
    <section className="panel pad sign-in" aria-label="Sign in">
      <form onSubmit={send}>
        <h2>This server asks for an API key</h2>
        <p role="alert">{key === null ? 'Whoever runs the server makes one with forecast keys create.' : `The key that this browser has was refused: ${refusal}.`}</p>
        <label htmlFor={id}>API key</label>
        <div className="sign-in-row">
          <input id={id} type="password" autoComplete="off" spellCheck={false} required value={text} onChange={(e) => setText(e.target.value)} aria-describedby={`${id}-hint`} />
          <button type="submit" className="primary">Sign in</button>
        </div>
        <p id={`${id}-hint`} className="hint">It is kept in this browser until you sign out in Settings. The page stays where it is.</p>
      </form>
    </section>
  );
}
