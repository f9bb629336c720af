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

/** The season that people look for in a frequency, in rows. */
const seasons: Readonly<Record<string, number>> = { P1M: 12, P3M: 4, PT1H: 24, PT30M: 48 };

/** How a model is written for series of a frequency: the example of the catalogue may be meant for another season. */
export function suggested(model: { readonly name: string; readonly example: string }, frequency: string): string {
  const season = seasons[frequency];
  switch (model.name) {
    case 'seasonal-naive': return 'seasonal-naive';
    case 'arima': return season === undefined ? 'arima(1,1,1)' : season <= 12 ? `arima(0,1,1)(0,1,1)[${season}]` : 'arima(2,0,1)';
    default: return model.example;
  }
}
