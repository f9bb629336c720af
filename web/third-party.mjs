// A Vite plugin that writes the licences of every package inside the bundle to third-party-notices.txt, which the pages link.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const rule = '='.repeat(78);
const wanted = /^(licen[cs]e|notice|copying)/i;

/** The folder of the package that a module belongs to, the innermost one. */
function folderOf(module) {
  const [, folder] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module.replaceAll('\\', '/')) ?? [];
  return folder;
}

/** Licence and notice files of a package, and those of software inside it. */
function texts(folder) {
  const own = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && wanted.test(entry.name)).map((entry) => entry.name);
  const inner = existsSync(join(folder, 'licenses')) ? readdirSync(join(folder, 'licenses')).map((name) => join('licenses', name)) : [];
  return [...own, ...inner].sort().map((name) => readFileSync(join(folder, name), 'utf8').trim().replaceAll('\r\n', '\n').replace(/[ \t]+$/gm, ''));
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const found = texts(folder);
  if (found.length === 0) throw new Error(`${name} is part of the bundle, but its package has no licence file`);
  return `${rule}\n${name} ${version} (${license})\n${rule}\n\n${found.join('\n\n')}\n`;
}

export function thirdPartyNotices() {
  return {
    name: 'third-party-notices',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const folders = [...new Set(modules.map(folderOf).filter((folder) => folder !== undefined))].sort();
      if (folders.length === 0) throw new Error('no package was found in the bundle');
      const source = `The web pages of Forecast contain the following software.\n\n${folders.map(notice).join('\n')}`;
      this.emitFile({ type: 'asset', fileName: 'third-party-notices.txt', source });
    },
  };
}
