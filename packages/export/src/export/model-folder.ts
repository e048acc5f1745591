/** @module Replacing a model folder by a better one, whole or not at all. */
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isAlive, syncFolder } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** What an export writes anew; anything else in a model folder is the user's and stays. */
const written = new Set(['generator.onnx', 'model.json', 'samples.png', 'timelapse']);
const card = 'README.md';

/** Checks that `out` is a model's folder, or may become one. @throws UserError saying what is in the way. */
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
 * Has `fill` write the new folder beside `out` and then puts it in its place. Until then, and for ever if `fill`
 * throws, the old model stays as it was. The user's own files move along, README.md unless `replaceCard`.
 *
 * @returns names of the files and folders that moved along
 */
export async function replaceModelFolder(
  out: string,
  fill: (folder: string) => Promise<void>,
  { replaceCard = false } = {},
): Promise<string[]> {
  const place = resolve(out);
  const beside = join(dirname(place), `.${basename(place)}.partial-${process.pid}`);
  const replaced = join(dirname(place), `.${basename(place)}.replaced`);
  await mkdir(dirname(place), { recursive: true });
  await recoverModelFolder(place);
  try {
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
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Clears what a killed export left: a half-made folder goes, a model that was just being replaced comes back. */
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
