// Writes the licences of what the chart bundle contains: it travels inside every report.html.
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`./node_modules/${path}`, import.meta.url), 'utf8').trim();
const version = (name) => JSON.parse(read(`${name}/package.json`)).version;
const parts = [
  ['Apache ECharts', 'echarts', 'Apache License 2.0', ['echarts/NOTICE', 'echarts/LICENSE']],
  ['d3.js, parts of it inside Apache ECharts', null, 'BSD 3-Clause', ['echarts/licenses/LICENSE-d3']],
  ['ZRender', 'zrender', 'BSD 3-Clause', ['zrender/LICENSE']],
  ['tslib', 'tslib', '0BSD', ['tslib/LICENSE.txt']],
];
const rule = '='.repeat(78);
console.log('report-charts.js contains the following software.');
for (const [title, name, licence, files] of parts) {
  console.log(`\n${rule}\n${title}${name === null ? '' : ` ${version(name)}`} (${licence})\n${rule}\n`);
  console.log(files.map(read).join('\n\n').replaceAll('\r\n', '\n').replace(/[ \t]+$/gm, ''));
}
