import { useState, type ReactElement, type ReactNode } from 'react';
import { api, send } from '../api/client';
import { useAccess } from '../api/key';

/** Leads to a run's report. A link cannot show a key: with one, the report is fetched and opened from the browser's memory. */
export function ReportLink({ run, className, children }: { run: string; className: string; children: ReactNode }): ReactElement {
  const { key } = useAccess();
  const [said, setSaid] = useState('');
  if (key === null) return <a className={className} href={api.reportPath(run)}>{children}</a>;
  const open = (): void => {
    send(api.reportPath(run), { headers: { Accept: 'text/html' } }).then(async (answer) => {
      window.location.assign(URL.createObjectURL(await answer.blob()));
    }, (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)));
  };
  return <><button type="button" className={className} onClick={open}>{children}</button>{said !== '' && <span role="alert" className="bad">{said}</span>}</>;
}
