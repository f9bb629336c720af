// A stand-in for the API, for work on the pages without .NET: made-up numbers in the shapes of the contract, and the built pages.
//   npm run build && npm run mock        then open http://127.0.0.1:8090
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const port = Number(process.env.PORT ?? 8090);
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
const z = [-1.96, -1.2816, -0.6745, 0, 0.6745, 1.2816, 1.96];

let state = 7;
const uniform = () => { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648; };
const normal = () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());

const month = (i) => new Date(Date.UTC(1949, i, 1)).toISOString().slice(0, 10);
const monthly = Array.from({ length: 144 }, (_, i) => Math.round((110 + 2.4 * i) * (1 + 0.16 * Math.sin((i - 3) * Math.PI / 6)) + 4 * normal()));
monthly[40] = null;
const days = [];
for (let t = Date.UTC(2017, 0, 2); t < Date.UTC(2019, 0, 1); t += 86400000) if (![0, 6].includes(new Date(t).getUTCDay())) days.push(new Date(t).toISOString().slice(0, 10));
const returns = days.map((_, i) => 0.006 * (1 + 0.6 * Math.sin(i / 60)) * normal());

const data = {
  air_passengers: { title: 'Airline passengers', frequency: 'P1M', calendar: '24x7', period: '1949-01-01 to 1960-12-01', series: { passengers: { unit: 'thousand passengers', timestamps: monthly.map((_, i) => month(i)), values: monthly } } },
  brent_spot: { title: 'Brent crude oil, spot', frequency: 'B', calendar: 'business', period: '2017-01-02 to 2018-12-31', series: { brent_spot: { unit: 'log return', timestamps: days, values: returns } } },
};
const describe = (name, whole) => {
  const { series, ...rest } = data[name];
  return { name, kind: 'shipped', ...rest, ...(whole ? { series: Object.entries(series).map(([id, s]) => ({ id, unit: s.unit, calendar: rest.calendar, rows: s.values.length, columns: [] })) } : {}) };
};
const models = ['naive', 'seasonal-naive', 'arima', 'garch', 'arima-garch'].map((name) => ({
  name, summary: `The ${name} model, made up.`, usage: `${name}(p,d,q){mean: auto|true|false}`,
  example: { arima: 'arima(1,0,1)', garch: 'garch(1,1)-t' }[name] ?? name, options: { type: 'object', properties: {} },
}));

const run = (id, name, status, horizon, list) => ({
  id, kind: 'backtest', status, data: name, dataHash: 'e19f'.repeat(16), datasetId: name, models: list, levels, plan: { horizon, step: horizon, window: 'expanding', refit: 'every:21', gap: 0 },
  seed: 1, device: 'cpu', engine: '0.1.0+mock', threads: 1, command: `./forecast backtest ${name} --models "${list.join(',')}" --horizon ${horizon}`, createdAt: '2026-03-01T09:00:00Z', startedAt: '2026-03-01T09:00:01Z',
  ...(status === 'finished' ? { finishedAt: '2026-03-01T09:02:13Z', predictionsHash: '77ab'.repeat(16) } : {}),
  ...(status === 'failed' ? { finishedAt: '2026-03-01T09:00:03Z', error: { type: 'urn:forecast:problem:too-few-rows', code: 'too-few-rows', detail: 'series \'passengers\': 40 rows needed, 31 given; shorten the window' } } : {}),
});
const runs = [
  run('0199aa01', 'brent_spot', 'running', 1, ['seasonal-naive', 'arima(1,0,1)', 'garch(1,1)-t', 'arima-garch']),
  run('0199aa02', 'brent_spot', 'finished', 1, ['seasonal-naive', 'arima(1,0,1)', 'garch(1,1)-t', 'arima-garch']),
  run('0199aa03', 'air_passengers', 'finished', 12, ['seasonal-naive', 'arima(0,1,1)(0,1,1)[12]{log: true}']),
  run('0199aa04', 'air_passengers', 'failed', 12, ['arima(1,0,1)']),
];
const began = Date.now();
const share = () => Math.min(0.999, ((Date.now() - began) / 120000) % 1);
const job = (r) => ({ id: `job-${r.id}`, kind: 'backtest', state: { running: 'running', finished: 'succeeded', failed: 'failed' }[r.status], runId: r.id, progress: r.status === 'running' ? share() : 1, message: 'fold 12 of 60', cancelRequested: false, attempts: 1, createdAt: r.createdAt, ...(r.status === 'finished' ? { result: { verdict: 'clean' } } : {}) });

function forecasts(r, model) {
  const [[id, series]] = Object.entries(data[r.data].series);
  const skill = 1 - 0.13 * r.models.indexOf(model);
  const { horizon } = r.plan;
  const folds = [];
  for (let at = Math.floor(series.values.length / 2), fold = 0; at + horizon <= series.values.length; at += horizon, fold++) {
    const truth = series.values.slice(at, at + horizon);
    const spread = truth.map((y, h) => (horizon === 1 ? 0.008 * skill * (1 + 0.4 * Math.sin(at / 60)) : 9 * skill * Math.sqrt(h + 1)));
    const mean = truth.map((y, h) => (horizon === 1 ? 0.0002 : (y ?? 200) + spread[h] * 0.7 * normal()));
    folds.push({
      model, series: id, fold, cutoff: series.timestamps[at - 1], h: truth.map((_, h) => h + 1), timestamps: series.timestamps.slice(at, at + horizon), actual: truth, mean,
      quantiles: Object.fromEntries(levels.map((p, k) => [String(p), mean.map((m, h) => m + z[k] * spread[h])])), crps: truth.map(() => null), pit: truth.map(() => null),
    });
  }
  return folds;
}
const metrics = (r) => r.models.flatMap((model, i) => [['MAE', 20 - 3 * i], ['RMSE', 26 - 3.3 * i], ['MASE', 1.12 - 0.14 * i], ['WQL', 0.081 - 0.009 * i], ['CRPS', null], ['coverage@0.95', 0.91 + 0.01 * i]]
  .map(([name, value]) => ({ model, series: Object.keys(data[r.data].series)[0], name, count: 72, ...(value === null ? { note: 'the model gives no distribution that has one' } : { value }) })));

function forecast(body) {
  const future = (s) => Array.from({ length: body.horizon }, (_, h) => (body.frequency === 'P1M' ? month(s.values.length + h) : new Date(Date.parse(s.timestamps.at(-1)) + (h + 1) * 86400000).toISOString().slice(0, 10)));
  return {
    model: body.model, frequency: body.frequency, horizon: body.horizon, levels: body.levels, seed: 1, failed: 0,
    series: body.series.map((s) => {
      const season = body.frequency === 'P1M' ? 12 : 5;
      const mean = Array.from({ length: body.horizon }, (_, h) => s.values.at(-season + (h % season)) ?? 0);
      const size = (Math.max(...s.values) - Math.min(...s.values)) / 30;
      const at = (p) => 4.91 * (p ** 0.14 - (1 - p) ** 0.14);
      return { id: s.id, origin: 'fitted', timestamps: future(s), mean, quantiles: Object.fromEntries(body.levels.map((p) => [String(p), mean.map((m, h) => m + at(p) * size * Math.sqrt(1 + h))])) };
    }),
  };
}

const problem = (status, code, detail, errors) => [status, { type: `urn:forecast:problem:${code}`, title: code.replaceAll('-', ' '), status, detail, code, ...(errors ? { errors } : {}) }];

async function answer(method, path, query, request) {
  const body = async () => { let text = ''; for await (const chunk of request) text += chunk; return text; };
  const [, , kind, id, part, ...rest] = path.split('/').map(decodeURIComponent);
  const found = runs.find((r) => r.id === id);
  switch (`${method} ${kind}${part ? `/${part}` : id ? '/*' : ''}`) {
    case 'GET models': return [200, { items: models }];
    case 'GET datasets': return [200, { items: Object.keys(data).map((name) => describe(name, false)) }];
    case 'GET datasets/*': return data[id] ? [200, describe(id, true)] : problem(404, 'dataset-unknown', `there is no dataset '${id}'`);
    case 'GET datasets/series': return [200, { id: rest[0], frequency: data[id].frequency, calendar: data[id].calendar, rows: 0, ...data[id].series[rest[0]] }];
    case 'POST datasets': {
      const [head, ...lines] = (await body()).trim().split('\n').map((line) => line.split(','));
      data[query.get('name')] = { title: 'Uploaded', frequency: query.get('frequency'), calendar: '24x7', series: { [head[1]]: { unit: '', timestamps: lines.map((l) => l[0]), values: lines.map((l) => (l[1] === '' ? null : Number(l[1]))) } } };
      return [201, describe(query.get('name'), true)];
    }
    case 'POST forecasts': {
      const asked = JSON.parse(await body());
      return models.some((m) => asked.model.startsWith(m.name)) ? [200, forecast(asked)]
        : problem(422, 'model-unknown', `there is no model '${asked.model}'; known are ${models.map((m) => m.name).join(', ')}`, [{ pointer: '/model', code: 'model-unknown', detail: `there is no model '${asked.model}'; known are ${models.map((m) => m.name).join(', ')}` }]);
    }
    case 'POST backtests': return [202, job(runs[0])];
    case 'GET jobs': return [200, { items: runs.map(job) }];
    case 'GET jobs/*': return [200, job(runs.find((r) => `job-${r.id}` === id))];
    case 'DELETE jobs/*': return [202, job(runs[0])];
    case 'GET runs': return [200, { items: query.get('empty') ? [] : runs }];
    case 'GET runs/*': return found ? [200, { ...found, items: { total: 60, pending: 30, done: 30, failed: 0 } }] : problem(404, 'run-unknown', `there is no run '${id}'`);
    case 'GET runs/metrics': return [200, { items: metrics(found) }];
    case 'GET runs/predictions': return [200, { items: forecasts(found, query.get('model')) }];
    default: return problem(404, 'route-unknown', `there is nothing at '${path}'`);
  }
}

function events(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  let seq = Number(request.headers['last-event-id'] ?? 0);
  const timer = setInterval(() => {
    const done = share();
    response.write(`id: ${++seq}\nevent: progress\ndata: ${JSON.stringify({ seq, kind: 'progress', payload: { share: done, message: `garch(1,1)-t, fold ${Math.round(done * 2088)} of 2088` } })}\n\n`);
  }, 100);
  request.on('close', () => clearInterval(timer));
}

const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (/^\/v1\/jobs\/[^/]+\/events$/.test(pathname)) return events(request, response);
  if (pathname.startsWith('/v1/')) {
    const [status, body] = await answer(request.method, pathname, searchParams, request);
    response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' });
    return response.end(JSON.stringify(body));
  }
  const file = extname(pathname) === '' ? 'index.html' : normalize(pathname).replace(/^(\.\.[/\\])+/, '');
  try {
    const content = await readFile(join(dist, file));
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    return response.end(content);
  } catch {
    response.writeHead(404);
    return response.end();
  }
}).listen(port, '127.0.0.1', () => console.log(`mock of the API and the pages on http://127.0.0.1:${port}`));
