import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../../../..');
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** Imports that remain at run time. */
const importsOf = (text: string): string[] =>
  Array.from(
    text.matchAll(/^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)'|(?:import\(|compile\()'([^']+)'/gm),
    ([, imported, called]) => (imported ?? called)!,
  );

test('the Node server needs only what the Dockerfile copies, and no development dependency', () => {
  const packages = new Set<string>();
  const missing: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const own = path.split('/').slice(0, 2).join('/');
    packages.add(own);
    const { dependencies } = JSON.parse(read(`${own}/package.json`)) as { dependencies: Record<string, string> };
    for (const specifier of importsOf(read(path))) {
      if (isBuiltin(specifier)) continue;
      if (specifier.startsWith('.')) {
        visit(join(dirname(path), specifier));
        continue;
      }
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!(name in dependencies)) missing.push(`${path}: ${name}`);
      if (name.startsWith('@latent-dogs/')) visit(`packages/${name.slice('@latent-dogs/'.length)}/src/index.ts`);
    }
  };
  visit('packages/serve/src/node/cli.ts');
  expect(missing).toEqual([]);
  expect(seen.size).toBeGreaterThan(40);
  const copied = Array.from(read('Dockerfile').matchAll(/^COPY (packages\/\S+) \1$/gm), ([, folder]) => folder!);
  expect(copied.sort()).toEqual([...packages].sort());
});
