/** A text as one word of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command that asks the same of the server. A long body is broken over lines, so that it can be read. */
export function curl(origin: string, path: string, body: unknown): string {
  return [
    `curl -sS ${origin}${path}`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n');
}
