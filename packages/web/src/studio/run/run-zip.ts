/** @module A run as a zip, which `pnpm train --resume` goes on with once it is unpacked. */
import {
  type Checkpoint,
  checkpointName,
  joined,
  jsonBytes,
  MANIFEST_FILE,
  STATE_FILE,
  safetensorsPieces,
  WEIGHTS_FILE,
} from '@latent-dogs/dcgan';
import { type Zippable, zipSync } from 'fflate';
import { hexDigest } from '../storage/digest.ts';
import { PHOTOS } from './run-photos.ts';
import { sheetName, sheetsOf } from './sheet.ts';
import type { StudioRun } from './studio-run.ts';

const described = async (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: await hexDigest(bytes) });

/** The bytes of the zip. `name`: its folder. */
export async function zipRun(run: StudioRun, checkpoint: Checkpoint, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { imagesSeen, healthy, tensors, state } = checkpoint;
  const weights = joined([...safetensorsPieces(tensors)]);
  const stateBytes = jsonBytes(state);
  const files = { [WEIGHTS_FILE]: await described(weights), [STATE_FILE]: await described(stateBytes) };
  const place = `${name}/checkpoints/${checkpointName(imagesSeen)}`;
  const contents: Zippable = {
    [`${name}/config.json`]: jsonBytes(run.record),
    [`${name}/latest`]: new TextEncoder().encode(`checkpoints/${checkpointName(imagesSeen)}\n`),
    [`${place}/${WEIGHTS_FILE}`]: weights,
    [`${place}/${STATE_FILE}`]: stateBytes,
    [`${place}/${MANIFEST_FILE}`]: jsonBytes({ format: 1, imagesSeen, healthy, files }),
  };
  for (const file of ['log.jsonl', 'events.jsonl']) {
    const bytes = await run.folder.read(file);
    if (bytes) contents[`${name}/${file}`] = bytes;
  }
  for (const sheet of await sheetsOf(run.folder))
    contents[`${name}/${sheetName(sheet.imagesSeen)}`] = [new Uint8Array(await sheet.png.arrayBuffer()), { level: 0 }];
  for (const { name: file, bytes } of run.photos.files()) contents[`${name}/${PHOTOS}/${file}`] = bytes;
  return zipSync(contents, { level: 1 }) as Uint8Array<ArrayBuffer>;
}
