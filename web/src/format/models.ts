/** Splits a list of model strings at commas outside brackets. */
export function splitModels(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let item = '';
  for (const c of text) {
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    if (c === ',' && depth <= 0) {
      found.push(item);
      item = '';
    } else item += c;
  }
  found.push(item);
  return found.map((s) => s.trim()).filter((s) => s !== '');
}
