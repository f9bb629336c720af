/** Rows that the server leaves before the first cutoff of most series. */
const usual = 100;

/** Half of a series that is too short for the rows that the server would leave before its first cutoff; undefined where the server's choice fits. */
export function firstHistory(rows: number, horizon: number): number | undefined {
  return Number.isFinite(rows) && rows < usual + 2 * horizon ? Math.max(2, Math.floor(rows / 2)) : undefined;
}
