/**
 * @module Installs and builds the examples in a temporary folder, with the client as it would be published:
 * `node scripts/check-examples.ts [FOLDER…]`. It needs the npm registry, so it is no part of `pnpm test`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '..');
const EXAMPLES = join(REPOSITORY, 'examples');
const CLIENT = join(REPOSITORY, 'packages/client');
const MODEL = ['model.json', 'generator.onnx'];

/** The Node of this process, which may be newer than the system's. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };

const run = (command: string, arguments_: readonly string[], folder: string) =>
  execFileSync(command, arguments_, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], env });

const isProject = (name: string) => existsSync(join(EXAMPLES, name, 'package.json'));
const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : readdirSync(EXAMPLES).filter(isProject);

const work = mkdtempSync(join(tmpdir(), 'examples-'));
run(process.execPath, ['build/cli.ts'], CLIENT);
run('npm', ['pack', '--silent', '--pack-destination', work, join(CLIENT, 'dist')], work);
const tarball = join(work, readdirSync(work).find((name) => name.endsWith('.tgz'))!);

for (const name of names) {
  const folder = join(work, name);
  cpSync(join(EXAMPLES, name), folder, { recursive: true });
  const place = { sveltekit: 'static/models', express: 'models', hono: 'models' }[name] ?? 'public/models';
  mkdirSync(join(folder, place, 'dogs-64'), { recursive: true });
  for (const file of MODEL) cpSync(join(REPOSITORY, 'models/dogs-64', file), join(folder, place, 'dogs-64', file));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  manifest.dependencies['@latent-dogs/client'] = `file:${tarball}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  run('npm', ['run', 'build'], folder);
  console.log(`\n${name}: built in ${folder}\n`);
}
