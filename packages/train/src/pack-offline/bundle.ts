/** @module Bundles the trainer as plain JavaScript, with the packages that contain native code next to it. */
import { realpathSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

const repository = join(import.meta.dirname, '..', '..', '..', '..');
const sources = join('packages', 'train', 'src');

const TRIAL = 'backend/trial/process.ts';

/** The commands and the child process of trials, by the names of their bundles. */
const ENTRIES = { train: 'train/cli.ts', doctor: 'doctor/cli.ts', trial: TRIAL };

/** Files that are read at run time, by paths relative to the code. */
const ASSETS = ['language.js', 'chart.js', 'charts.js', 'follow.js', 'report.css'].map((name) => `run/report/${name}`);

/** Packages that stay in node_modules: they load native code, or are read as files. */
const EXTERNAL = ['onnxruntime-node', 'sharp', 'uplot', '@tensorflow/tfjs-node-gpu'];

/** Packages to copy with their dependencies; `without` excludes what Linux x64 training does not need. */
const COPIED: readonly { name: string; from?: string; without?: RegExp }[] = [
  { name: 'onnxruntime-node', without: /\/bin\/napi-v6\/(?:win32|darwin|linux\/arm64)(?:\/|$)|\/script(?:\/|$)/ },
  { name: 'onnxruntime-common', from: 'onnxruntime-node', without: /\/dist\/esm(?:\/|$)|\.map$/ },
  { name: 'sharp', without: /\/src(?:\/|$)|\/install(?:\/|$)/ },
  { name: '@img/colour', from: 'sharp' },
  { name: '@img/sharp-linux-x64', from: 'sharp' },
  { name: '@img/sharp-libvips-linux-x64', from: 'sharp' },
  { name: 'detect-libc', from: 'sharp' },
  { name: 'semver', from: 'sharp' },
  { name: 'uplot', without: /\/(?:bench|demos|src)(?:\/|$)/ },
];

/** Writes the trainer to `folder`: `train.mjs`, `doctor.mjs`, and the files and packages that they load. */
export async function bundleTrainer(folder: string): Promise<void> {
  const paths = new Set<string>([modulePath(join(sources, TRIAL))]);
  // Each in one file of its own: a shared chunk could be another entry, which would then run, too.
  for (const [name, input] of Object.entries(ENTRIES)) {
    const bundle = await rolldown({
      input: join(repository, sources, input),
      external: (id) => EXTERNAL.some((external) => id === external || id.startsWith(`${external}/`)),
      platform: 'node',
      logLevel: 'silent',
      plugins: [keepPaths(paths)],
    });
    await bundle.write({ file: join(folder, `${name}.mjs`), format: 'esm', codeSplitting: false });
    await bundle.close();
  }
  for (const path of paths) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
  const trial = join(folder, modulePath(join(sources, TRIAL)));
  await writeFile(trial, `import '${relative(dirname(trial), join(folder, 'trial.mjs'))}';\n`);
  for (const file of ASSETS) await cp(join(repository, sources, file), join(folder, sources, file));
  const trainer = join(repository, 'packages', 'train', 'package.json');
  const finder = join(folder, 'node_modules', '@latent-dogs', 'face-finder');
  await cp(join(repository, 'packages', 'face-finder', 'finder.onnx'), join(finder, 'finder.onnx'));
  for (const { name, from, without } of COPIED) {
    const user = from ? packageFile(from, trainer) : trainer;
    await cp(dirname(packageFile(name, user)), join(folder, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => !path.endsWith('/node_modules') && !without?.test(path),
    });
  }
  await describePackages(trainer, join(folder, 'packages', 'train', 'package.json'), join(folder, 'node_modules'));
}

const modulePath = (source: string) => source.replace(/\.ts$/, '.mjs');

/**
 * Rewrites import.meta in bundled code to the module's original path below the bundle, so that files next to a module are found.
 *
 * @param paths receives the paths of such modules. Node resolves packages only from files that exist.
 */
const keepPaths = (paths: Set<string>): Plugin => ({
  name: 'keep-paths',
  transform(code, id) {
    if (!id.startsWith(join(repository, 'packages')) || !code.includes('import.meta.')) return null;
    const path = modulePath(relative(repository, id));
    paths.add(path);
    return code
      .replaceAll('import.meta.url', `new URL(${JSON.stringify(path)}, import.meta.url).href`)
      .replaceAll('import.meta.filename', `(import.meta.dirname + ${JSON.stringify(`/${path}`)})`)
      .replaceAll(/import\.meta\.dirname(?! \+)/g, `(import.meta.dirname + ${JSON.stringify(`/${dirname(path)}`)})`);
  },
});

interface Description {
  name: string;
  version: string;
  type?: string;
  dependencies?: Record<string, string>;
}

/** Writes package.json files with the names and versions of the bundled packages, for a run's record. */
async function describePackages(file: string, to: string, modules: string): Promise<void> {
  const { name, version, type, dependencies = {} } = JSON.parse(await readFile(file, 'utf8')) as Description;
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, JSON.stringify({ name, version, type, dependencies }));
  for (const [dependency, range] of Object.entries(dependencies)) {
    if (COPIED.some((copied) => copied.name === dependency)) continue;
    const at = packageFile(dependency, file);
    const beside = join(modules, dependency, 'package.json');
    if (range.startsWith('workspace:')) await describePackages(at, beside, modules);
    else {
      const { version: found } = JSON.parse(await readFile(at, 'utf8')) as Description;
      await mkdir(dirname(beside), { recursive: true });
      await writeFile(beside, JSON.stringify({ name: dependency, version: found }));
    }
  }
}

function packageFile(name: string, user: string): string {
  // A package's dependencies are next to its real path, not next to the symbolic link.
  const found = findPackageJSON(name, realpathSync(user));
  if (found === undefined) throw new Error(`${name}, a dependency of ${user}, is not installed`);
  return found;
}
