import { describe, expect, test } from 'vitest';
import { curl, quoted } from '../src/format/curl';
import { datasetName, readHead } from '../src/format/csv';
import { forecastRequest, levelsOf } from '../src/format/forecastRequest';
import { proposeFrequency } from '../src/format/frequencies';
import { splitModels, suggested } from '../src/format/models';
import { decimalsFor, fixed, frequencyWords, level, percent, signedPercent, significant } from '../src/format/numbers';
import { duration, place, when } from '../src/format/times';
import { firstHistory } from '../src/format/firstHistory';

describe('numbers', () => {
  test('a column gets three digits of its smallest value, and aligns', () => {
    expect(decimalsFor([12.5, 0.0123, null])).toBe(4);
    expect([12.5, -0.0123].map((v) => fixed(v, 4))).toEqual(['12.5000', '\u22120.0123']);
    expect(decimalsFor([])).toBe(2);
  });
  test('what rounds to zero has no sign', () => {
    expect(fixed(-0.0001, 2)).toBe('0.00');
    expect(signedPercent(0.0001)).toBe('0.0\u00a0%');
  });
  test('differences are signed, by a true minus', () => expect([0.031, -0.124].map(signedPercent)).toEqual(['+3.1\u00a0%', '\u221212.4\u00a0%']));
  test('levels and shares', () => expect([level(0.975), level(0.95 - 1e-12), percent(0.9)]).toEqual(['97.5\u00a0%', '95\u00a0%', '90.0\u00a0%']));
  test('no NaN reaches a reader', () => expect(significant(NaN)).toBe('\u2013'));
  test('intervals in frequencies', () => expect([0.5, 0.8, 0.95, 0.98].map(frequencyWords)).toEqual(['5 in 10', '8 in 10', '19 in 20', '98 in 100']));
});

describe('times', () => {
  test('dates are UTC, whatever zone the reader is in', () => expect(when('2024-03-28', false)).toBe('2024-03-28'));
  test('a time without offset is UTC', () => expect(place('2024-03-28T21:00:00')).toBe(Date.UTC(2024, 2, 28, 21)));
  test('an offset counts', () => expect(when('2024-03-28T23:00:00+02:00', true)).toBe('2024-03-28 21:00 UTC'));
  test('row numbers stay numbers', () => expect(place('17')).toBe(17));
  test('what is no time is an error, not 1970', () => expect(() => place('soon')).toThrow("'soon' is no time"));
  test('durations', () => expect([4200, 187_000, 7_500_000, 273_600_000].map(duration)).toEqual(['4 s', '3 min 07 s', '2 h 05 min', '3 d 4 h']));
});

describe('proposed frequency', () => {
  const every = (ms: number, n: number, from = Date.UTC(2024, 0, 1)): string[] => Array.from({ length: n }, (_, i) => new Date(from + i * ms).toISOString().slice(0, 19));
  test('days, hours, weeks', () => expect([every(86_400_000, 20), every(3_600_000, 9), every(7 * 86_400_000, 5)].map(proposeFrequency)).toEqual(['P1D', 'PT1H', 'P7D']));
  test('days without weekends are business days', () => expect(proposeFrequency(every(86_400_000, 21).map((t) => t.slice(0, 10)).filter((t) => ![0, 6].includes(new Date(t).getUTCDay())))).toBe('B'));
  test('months by their first or last day, quarters, years', () => {
    expect(proposeFrequency(['2024-01-01', '2024-02-01', '2024-03-01'])).toBe('P1M');
    expect(proposeFrequency(['2023-01-31', '2023-02-28', '2023-03-31'])).toBe('P1M');
    expect(proposeFrequency(['2023-01-01', '2023-04-01', '2023-07-01'])).toBe('P3M');
    expect(proposeFrequency(['2021-01-01', '2022-01-01'])).toBe('P1Y');
  });
  test('numbered rows', () => expect(proposeFrequency(['1', '2', '3'])).toBe('index'));
  test('nothing is proposed where nothing tells', () => expect([proposeFrequency(['2024-01-01']), proposeFrequency(['a', 'b'])]).toEqual([null, null]));
});

describe('csv head', () => {
  test('finds the time by name, reads quoted fields, drops a cut line', () => {
    const head = readHead('\uFEFFvalue,"Date"\r\n"1,5",2024-01-01\r\n2,2024-01-02\r\n3,2024-0', true);
    expect(head).toMatchObject({ columns: ['value', 'Date'], time: 1, times: ['2024-01-01', '2024-01-02'] });
    expect(head.rows[0]?.[0]).toBe('1,5');
  });
  test('the long form proposes from its first series', () => expect(readHead('unique_id,ds,y\na,2024-01-01,1\na,2024-01-02,2\nb,2024-01-01,3\n', false).times).toEqual(['2024-01-01', '2024-01-02']));
  test('names that a path can carry', () => expect([datasetName('My Sales (2024).csv.gz'), datasetName('.csv')]).toEqual(['my_sales_2024', 'upload']));
});

describe('requests', () => {
  const monthly = { id: 'a', unit: 'EUR', frequency: 'P1M', calendar: '24x7', timestamps: ['2024-01-01', '2024-02-01', '2024-03-01'], values: [1, null, 3] };
  test('levels of intervals, with the median', () => expect([levelsOf('80,95'), levelsOf(null).length]).toEqual([[0.025, 0.1, 0.5, 0.9, 0.975], 7]));
  test('a grid is told by its start, business days by every date', () => {
    expect(forecastRequest(monthly, 'naive', 2, [0.5]).series[0]).toEqual({ id: 'a', unit: 'EUR', start: '2024-01-01', values: [1, null, 3] });
    expect(forecastRequest({ ...monthly, frequency: 'B' }, 'naive', 2, [0.5]).series[0]).toHaveProperty('timestamps', monthly.timestamps);
  });
  test('the last rows start where they start', () => expect(forecastRequest(monthly, 'naive', 2, [0.5], 2).series[0]).toMatchObject({ start: '2024-02-01', values: [null, 3] }));
  test('a quote in a name does not end the word of the shell', () => {
    expect(quoted("it's")).toBe("'it'\\''s'");
    expect(curl('http://h', '/v1/forecasts', { id: "o'" })).toBe("curl -sS http://h/v1/forecasts \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"id\":\"o'\\''\"}'");
  });
  test('lists of models split outside brackets', () => expect(splitModels('garch(1,1){dist: ged, mean: zero}, naive ,')).toEqual(['garch(1,1){dist: ged, mean: zero}', 'naive']));
  test('a suggestion has the season of the data', () => expect(['P1M', 'P3M', 'B'].map((f) => suggested({ name: 'arima', example: 'x' }, f))).toEqual(['arima(0,1,1)(0,1,1)[12]', 'arima(0,1,1)(0,1,1)[4]', 'arima(1,1,1)']));
});

describe('history before the first cutoff', () => {
  test('is half of a short series, and the choice of the server where that fits', () => {
    expect(firstHistory(96, 12)).toBe(48);
    expect(firstHistory(123, 12)).toBe(61);
    expect(firstHistory(124, 12)).toBeUndefined();
    expect(firstHistory(3, 12)).toBe(2);
    expect(firstHistory(Infinity, 12)).toBeUndefined();
  });
});
