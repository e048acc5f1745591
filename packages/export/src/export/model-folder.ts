/** @module Replaces a model folder, completely or not at all. */
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { cannotWrite } from '@latent-dogs/command-line';
import { adviceOn, isAlive, makeFolder, syncFolder } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** What an export replaces; anything else in a model folder is the user's and is kept. */
const written = new Set(['generator.onnx', 'model.json', 'samples.png', 'timelapse', 'training.safetensors']);
const card = 'README.md';

/** Checks that `out` is a model's folder or can become one, and returns the model's name. @throws UserError saying why not */
export async function checkModelFolder(out: string): Promise<string> {
  const name = basename(resolve(out));
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
    throw new UserError(
      `--out: '${name}' is not a model's name; use a-z, 0-9, dots, dashes and underscores, such as models/dogs-64`,
    );
  }
  const status = await stat(out).catch(() => null);
  if (status && !status.isDirectory())
    throw new UserError(`--out: '${out}' is a file; name a folder, such as models/dogs-64`);
  const names = status ? await readdir(out) : [];
  if (names.length > 0 && !names.includes('model.json')) {
    throw new UserError(
      `--out: '${out}' holds other files and no model; name a new folder, such as ${join(out, 'dogs-64')}`,
    );
  }
  return name;
}

/**
 * Lets `fill` write a new folder beside `out`, then renames it to `out`. Until then the old model stays unchanged, also
 * if `fill` throws. The user's own files are copied over; README.md too, unless `replaceCard`.
 *
 * @returns names of the files and folders that were copied over
 */
export async function replaceModelFolder(
  out: string,
  fill: (folder: string) => Promise<void>,
  { replaceCard = false } = {},
): Promise<string[]> {
  const place = resolve(out);
  const beside = join(dirname(place), `.${basename(place)}.partial-${process.pid}`);
  const replaced = join(dirname(place), `.${basename(place)}.replaced`);
  try {
    await makeFolder(dirname(place));
    await recoverModelFolder(place);
    await mkdir(beside);
    await fill(beside);
    const old = await readdir(place).catch(() => null);
    const kept = (old ?? []).filter((name) => !written.has(name) && !(name === card && replaceCard));
    for (const name of kept) await cp(join(place, name), join(beside, name), { recursive: true });
    await syncFolder(beside);
    if (old) await rename(place, replaced);
    await rename(beside, place);
    await syncFolder(dirname(place));
    await rm(replaced, { recursive: true, force: true });
    return kept;
  } catch (error) {
    const { path = place } = error as NodeJS.ErrnoException;
    if (adviceOn(error) === null || !path.startsWith(dirname(place))) throw error;
    throw cannotWrite('--out', out, error);
  } finally {
    // If even this fails, the error above says why.
    await rm(beside, { recursive: true, force: true }).catch(() => {});
  }
}

/** Cleans up after a killed export: removes its unfinished folder, and restores a model that was being replaced. */
export async function recoverModelFolder(out: string): Promise<void> {
  const place = resolve(out);
  const parent = dirname(place);
  const name = basename(place);
  const siblings = await readdir(parent).catch((): string[] => []);
  for (const sibling of siblings) {
    if (!sibling.startsWith(`.${name}.`)) continue;
    const pid = Number(/^partial-(\d+)$/.exec(sibling.slice(name.length + 2))?.[1] ?? 0);
    if (sibling === `.${name}.replaced` && !siblings.includes(name)) await rename(join(parent, sibling), place);
    else if (sibling === `.${name}.replaced` || (pid > 0 && (pid === process.pid || !isAlive(pid))))
      await rm(join(parent, sibling), { recursive: true, force: true });
  }
}
