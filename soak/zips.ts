/** @module Damaged zips: each gives photos or one sentence; nothing else happens. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { grouped } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { openPhotos } from '@latent-dogs/train/photos';
import { ZipFile } from 'yazl';
import { picturesOf } from './pictures.ts';
import { damaged, type Random, randomOf } from './random.ts';

export async function soakZips({ count, seed }: { count: number | null; seed: number }): Promise<string> {
  const zips = count ?? 1_000;
  const random = randomOf(seed);
  const root = await mkdtemp(join(tmpdir(), 'soak-zips-'));
  let [opened, refused, photos, skipped] = [0, 0, 0, 0];
  try {
    const whole: Buffer[] = [];
    for (let i = 0; i < 12; i++) whole.push(await zipOf(random));
    for (let i = 0; i < zips; i++) {
      const path = join(root, 'photos.zip');
      await writeFile(path, damaged(whole[random(whole.length)]!, random));
      const cacheDir = join(root, `cache-${i}`);
      try {
        const dataset = await openPhotos({ path, size: 64, photoSize: null, crop: 'center', cacheDir });
        await dataset.close();
        opened++;
        photos += dataset.count;
        skipped += Object.values(dataset.skippedCounts).reduce((a, b) => a + b, 0);
      } catch (error) {
        if (!(error instanceof UserError) || error.message.includes('\n')) throw error;
        refused++;
      }
      await rm(cacheDir, { recursive: true, force: true });
    }
    return `${grouped(zips)} damaged zips: ${grouped(opened)} opened (${grouped(photos)} photos, ${grouped(skipped)} entries skipped by name), ${grouped(refused)} refused in one sentence`;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Photos among large files that are none, stored or deflated. */
async function zipOf(random: Random): Promise<Buffer> {
  const archive = new ZipFile();
  for (const { name, bytes } of await picturesOf(random, 4))
    archive.addBuffer(bytes, name, { compress: random(2) === 0 });
  const junk = Buffer.alloc(70_000 + random(200_000), random(256));
  archive.addBuffer(junk, `${random(9)}.mp4`, { compress: random(2) === 0 });
  archive.end();
  return buffer(archive.outputStream);
}
