import { useRef, useState, type ReactElement } from 'react';

/** A command and a button that copies it. Where the browser denies the clipboard, the text is selected instead. */
export function CopyBlock({ text, label }: { text: string; label: string }): ReactElement {
  const block = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  const copy = (): void => {
    const select = (): void => {
      if (block.current !== null) window.getSelection()?.selectAllChildren(block.current);
      setSaid('Selected: press Ctrl C');
    };
    // Without a secure origin there is no clipboard.
    const written = (navigator.clipboard as Clipboard | undefined)?.writeText(text);
    if (written === undefined) select();
    else written.then(() => setSaid('Copied'), select);
  };
  return (
    <div className="copy">
      <div className="copy-head"><h3>{label}</h3><span role="status">{said}</span><button type="button" className="quiet" onClick={copy}>Copy</button></div>
      <pre ref={block} tabIndex={0}>{text}</pre>
    </div>
  );
}
