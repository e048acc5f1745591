/** @module Damaged photos: each is decoded or skipped by name; nothing else happens, in bounded memory. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import { openPhotos } from '@latent-dogs/train/photos';
import { picturesOf } from './pictures.ts';
import { damaged, randomOf } from './random.ts';

export async function soakPhotos({ count, seed }: { count: number | null; seed: number }): Promise<string> {
  const files = count ?? 1_000;
  const random = randomOf(seed);
  const root = await mkdtemp(join(tmpdir(), 'soak-photos-'));
  try {
    const path = join(root, 'photos');
    await mkdir(path);
    const pictures = await picturesOf(random, 60);
    for (let i = 0; i < files; i++) {
      const { name, bytes } = pictures[random(pictures.length)]!;
      await writeFile(join(path, `${i}-${name}`), damaged(bytes, random));
    }
    // One that is whole, so that there is a dataset.
    await writeFile(join(path, 'whole.png'), pictures[1]!.bytes);
    const dataset = await openPhotos({
      path,
      size: 64,
      photoSize: null,
      crop: 'center',
      cacheDir: join(root, 'cache'),
    });
    await dataset.close();
    const skipped = Object.values(dataset.skippedCounts).reduce((a, b) => a + b, 0);
    if (dataset.count + skipped !== files + 1)
      throw new Error(`${dataset.count} decoded and ${skipped} skipped are not the ${files + 1} files`);
    const reasons = Object.entries(dataset.skippedCounts).map(([reason, number]) => `${grouped(number)} ${reason}`);
    const memory = Math.round(process.resourceUsage().maxRSS / 1_000);
    return `${grouped(files)} damaged photos: ${grouped(dataset.count - 1)} decoded, ${grouped(skipped)} skipped by name (${reasons.join(', ')}); at most ${memory} MB of memory`;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
