/** @module Saves what is on the stage as a file. */
import { maker, manifest, model } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { loadPart } from '../state/load-part.ts';
import { pictureLatent } from '../state/picture-latent.ts';
import { dogs, picture } from '../state/stage-state.ts';
import { offerDownload } from './offer-download.ts';
import { pngOf } from './png.ts';

export type SaveKind = 'png' | 'video' | 'gif';

const nameOf = () =>
  `dog-${dogs
    .peek()
    .join('-')
    .replaceAll(/[^\p{L}\p{N}-]+/gu, '_')
    .slice(0, 60)}`;

/**
 * @param onProgress receives the share that is done, 0 to 1
 * @returns the name of the file
 * @throws Error with a message for the visitor
 */
export async function saveStage(
  kind: SaveKind,
  cancelled: AbortSignal,
  onProgress: (share: number) => void,
): Promise<string> {
  const known = { latentSize: model.peek()!.latentSize, directions: manifest.peek()?.directions ?? [] };
  const state = picture.peek();
  const dogAt = (position: number) => maker.make(pictureLatent({ ...state, position }, known)!, 'seen', cancelled);
  const name = nameOf();
  if (kind === 'png') {
    const file = `${name}.png`;
    offerDownload(file, await pngOf(await dogAt(state.position)));
    return file;
  }
  onProgress(0);
  if (kind === 'gif') {
    const { recordGif } = await loadPart(() => import('./gif.ts'));
    const file = `${name}.gif`;
    offerDownload(file, await recordGif(state.dogs.length, dogAt, cancelled, onProgress));
    return file;
  }
  const { recordVideo } = await loadPart(() => import('./video.ts'));
  const video = await recordVideo(state.dogs.length, dogAt, cancelled, onProgress);
  if (video === null) throw new Error(messages.peek().noVideo);
  const file = `${name}.${video.extension}`;
  offerDownload(file, video.blob);
  return file;
}
