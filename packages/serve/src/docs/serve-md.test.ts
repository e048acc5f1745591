/** The answers in docs/serve.md are those of the models in this repository. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestModel, readModelFolder } from '@latent-dogs/models';
import { expect, test } from 'vitest';
import { MODELS } from '../places.ts';

test('the answer in docs/serve.md names the model that answers by default, with its digest and size', async () => {
  const text = readFileSync(join(MODELS, '..', 'docs', 'serve.md'), 'utf8');
  const { manifest } = await readModelFolder(await newestModel(MODELS));
  const { sha256 } = manifest.generator;
  expect(/^Model-Name: (.*)\nModel-SHA256: (.*)$/m.exec(text)?.slice(1)).toEqual([manifest.name, sha256]);
  expect(/^Content-Location: (.*)$/m.exec(text)?.[1]).toBe(
    `/generate?seed=42&size=${manifest.size}&truncation=1&filter=lanczos&format=png&model=${sha256.slice(0, 16)}`,
  );
});
