/** The head of a CSV file as a person is shown it before it is sent; the server reads and checks the whole file. */
export interface CsvHead {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Place of the column that looks like time, or -1. */
  readonly time: number;
  /** The times of one series, for proposing a frequency. */
  readonly times: readonly string[];
}

const timeNames = ['ds', 'date', 'datetime', 'time', 'timestamp', 't', 'month', 'year', 'index'];
const idNames = ['unique_id', 'series_id', 'id', 'item_id'];

/** Reads what is there of a file; a last line without its end is left out when the text was cut. */
export function readHead(text: string, cut: boolean): CsvHead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (cut) lines.pop();
  const records = lines.filter((line) => line.trim() !== '').map(fields);
  const columns = records[0] ?? [];
  const rows = records.slice(1);
  const lower = columns.map((c) => c.trim().toLowerCase());
  const named = timeNames.map((name) => lower.indexOf(name)).find((at) => at >= 0) ?? -1;
  const first = rows[0] ?? [];
  const time = named >= 0 ? named : first.findIndex((cell) => /^\d{4}-\d\d-\d\d/.test(cell));
  const id = idNames.map((name) => lower.indexOf(name)).find((at) => at >= 0) ?? -1;
  const series = id < 0 ? rows : rows.filter((row) => row[id] === first[id]);
  return { columns, rows, time, times: time < 0 ? [] : series.map((row) => row[time] ?? '').filter((t) => t !== '') };
}

function fields(line: string): string[] {
  const found: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quoted && c === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      found.push(field);
      field = '';
    } else field += c;
  }
  found.push(field);
  return found;
}

/** A name for the data set: the file's, without endings, in letters that a path can carry. */
export function datasetName(file: string): string {
  const name = file.replace(/\.gz$/i, '').replace(/\.csv$/i, '').toLowerCase().replace(/[^a-z0-9_-]+/g, '_').replace(/^[_-]+|[_-]+$/g, '');
  return name === '' ? 'upload' : name;
}
