import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import kept from '../src/api/openapi.ts?raw';

it('the generated client is that of the document: after a change run "npm run client"', async () => {
  const made = astToString(await openapiTS(new URL('../../docs/openapi.json', import.meta.url), { immutable: true }));
  expect(kept.slice(kept.indexOf('export interface paths'))).toBe(made);
}, 30_000);
