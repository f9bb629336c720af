import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';

/** A window over the page; Esc closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }): ReactElement {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={box} className="dialog" aria-label={title} onClose={onClose}>
      <div className="dialog-head"><h2>{title}</h2><button type="button" className="quiet" onClick={onClose}>Close</button></div>
      {children}
    </dialog>
  );
}
