/** What tools that check published packages say. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, inject, test } from 'vitest';

test('publint finds nothing', async () => {
  const pkgDir = join(inject('installed'), 'node_modules/@latent-dogs/client');
  const { messages, pkg } = await publint({ pkgDir, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg as never))).toEqual([]);
});

test('"Are the types wrong?" finds nothing for programs of ECMAScript modules, in Node or bundled', async () => {
  const packed = createPackageFromTarballData(await readFile(inject('tarball')));
  const checked = await checkPackage(packed);
  if (!checked.types) throw new Error('the package has no types');
  expect(Object.keys(checked.entrypoints)).toEqual(['.', './elements', './package.json']);
  for (const kind of ['node16-esm', 'bundler'] as const) {
    for (const entry of ['.', './elements']) {
      expect(checked.entrypoints[entry]!.resolutions[kind].resolution?.fileName, `${entry}, ${kind}`).toMatch(
        /\.d\.ts$/,
      );
    }
  }
  // `require` and resolution without "exports", as in Node 10, are not supported: the package has no CommonJS.
  const unsupported = ['node10', 'node16-cjs'];
  const problems = checked.problems.filter(
    (problem) => !('resolutionKind' in problem && unsupported.includes(problem.resolutionKind)),
  );
  expect(problems).toEqual([]);
});
