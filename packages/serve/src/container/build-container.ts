/** @module The Node server as one script, with the files that it needs and no other: what the container holds. */

import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ListedModel, readModelFolder } from '@latent-dogs/models';
import { rolldown } from 'rolldown';

interface ContainerParts {
  /** Models to put in; the newest is served unless --model names another. */
  readonly models: readonly ListedModel[];
  /** Folder of the built gallery, or null to leave it out. */
  readonly gallery: string | null;
  /** Folder to write; its contents are replaced. */
  readonly out: string;
}

/** WebAssembly that the server reads from the packages (node/compile-codecs.ts). */
const CODECS = [
  ['@jsquash/resize', 'lib/resize/pkg/squoosh_resize_bg.wasm'],
  ['@jsquash/webp', 'codec/enc/webp_enc_simd.wasm'],
  ['@jsquash/jpeg', 'codec/enc/mozjpeg_enc.wasm'],
  ['@jsquash/avif', 'codec/enc/avif_enc.wasm'],
] as const;

/**
 * Writes `server.mjs`, onnxruntime-node for this platform, the codecs, `models/` and `gallery/`. Start it with
 * `node --single-threaded-gc server.mjs`; it needs Node and nothing else.
 *
 * @throws UserError for a model that is not whole
 */
export async function buildContainer({ models, gallery, out }: ContainerParts): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await bundleServer(join(out, 'server.mjs'));
  await copyOnnxRuntime(join(out, 'node_modules'));
  for (const [name, file] of CODECS) await copyFiles(packageFolder(name), join(out, 'node_modules', name), [file]);
  for (const { name, folder } of models) {
    const { manifest } = await readModelFolder(folder);
    await copyFiles(folder, join(out, 'models', name), ['model.json', manifest.generator.file], 'model.json');
  }
  if (gallery) await cp(gallery, join(out, 'gallery'), { recursive: true });
}

async function bundleServer(file: string): Promise<void> {
  const places = join(import.meta.dirname, 'places.ts');
  const bundle = await rolldown({
    input: join(import.meta.dirname, '../node/cli.ts'),
    external: ['onnxruntime-node'],
    platform: 'node',
    logLevel: 'warn',
    plugins: [{ name: 'places', resolveId: (id) => (id.endsWith('/places.ts') ? places : null) }],
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
}

/** Its scripts, and the library of this platform: the package has those of five. */
async function copyOnnxRuntime(modules: string): Promise<void> {
  const node = packageFolder('onnxruntime-node');
  const libraries = await readdir(join(node, 'bin'));
  const library = join('bin', libraries[0]!, process.platform, process.arch);
  await copyFiles(node, join(modules, 'onnxruntime-node'), ['dist', library]);
  const common = packageFolder('onnxruntime-common', join(node, 'package.json'));
  await copyFiles(common, join(modules, 'onnxruntime-common'), ['dist/cjs']);
}

async function copyFiles(from: string, to: string, paths: readonly string[], always = 'package.json'): Promise<void> {
  for (const path of new Set([always, ...paths])) {
    await cp(join(from, path), join(to, path), { recursive: true, filter: (file) => !/\.(map|d\.ts)$/.test(file) });
  }
}

/** @param from a module that can import the package */
function packageFolder(name: string, from = fileURLToPath(import.meta.url)): string {
  const entry = createRequire(from).resolve(name);
  const marker = join('node_modules', ...name.split('/'));
  return entry.slice(0, entry.lastIndexOf(marker) + marker.length);
}
