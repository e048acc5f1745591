/** @module Run folders for tests, made without training. */
import { join } from 'node:path';
import type { Config, DatasetRecord, LogLine } from '@latent-dogs/dcgan';
import { presetConfig } from '@latent-dogs/dcgan';
import sharp from 'sharp';
import { openLog } from '../run/log.ts';
import { createRun } from '../run/run-folder.ts';

export interface RunFixture {
  preset?: Config['preset'];
  changes?: Partial<Config>;
  dataset?: Partial<DatasetRecord>;
  /** Metrics by images seen. */
  metrics?: Record<number, Record<string, number>>;
  /** Further numbers of the ticks of `metrics`. */
  logged?: Pick<LogLine, 'rv' | 'augmentP'>;
  /** Images per second, one tick each, before the ticks of `metrics`. */
  speeds?: number[];
  /** Grey values of uniform sheets, by images seen. */
  sheets?: Record<number, number>;
}

/** Makes a run in `out` and returns its folder. */
export async function runFixture(out: string, fixture: RunFixture = {}): Promise<string> {
  const { preset = 'dogs', changes = {}, metrics = {}, logged = {}, speeds = [], sheets = {} } = fixture;
  const config = { ...presetConfig(preset, '/home/somebody/photos'), ...changes };
  const dataset = { name: 'photos', count: 1_234, fingerprint: 'f00d', ...fixture.dataset };
  const folder = await createRun({ out, config, dataset });
  const log = openLog(folder);
  const line = (imagesSeen: number, imagesPerSecond: number) => ({
    imagesSeen,
    step: imagesSeen / config.batch,
    epoch: 1,
    lossD: 0.5,
    lossG: 1_000 / imagesSeen,
    dReal: 0.6,
    dFake: 0.4,
    imagesPerSecond,
    seconds: 1,
  });
  for (const [i, speed] of speeds.entries()) log.append(line((i + 1) * 1_000, speed));
  for (const [images, measured] of Object.entries(metrics))
    log.append({ ...line(Number(images), 40), ...logged, metrics: measured });
  log.close();
  for (const [images, grey] of Object.entries(sheets)) {
    const file = join(folder, `fakes-${images.padStart(6, '0')}.png`);
    const background = { r: grey, g: grey, b: grey };
    await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toFile(file);
  }
  return folder;
}
