/** @module Makes a file of what is on the stage. */

import { fileNameOf, labelName } from '@latent-dogs/latent';
import { maker, manifest, model } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { loadPart } from '../state/load-part.ts';
import { namesOf } from '../state/names.ts';
import { pictureLatent } from '../state/picture-latent.ts';
import type { PictureState } from '../state/picture-state.ts';
import { picture } from '../state/stage-state.ts';
import { captionOf } from './caption.ts';
import { pngOf } from './png.ts';

export type SaveKind = 'png' | 'video' | 'gif';

/**
 * @param onProgress receives the share that is done, 0 to 1, and the bytes so far
 * @throws Error with a message for the visitor
 */
export async function makeFile(
  kind: SaveKind,
  cancelled: AbortSignal,
  onProgress: (share: number, bytes: number) => void,
): Promise<File> {
  const known = { latentSize: model.peek()!.latentSize, directions: manifest.peek()?.directions ?? [] };
  const state = picture.peek();
  const make = (of: PictureState) => maker.make(pictureLatent(of, known)!, 'seen', cancelled);
  const fileOf = (blob: Blob, extension: string) =>
    new File([blob], `${fileNameOf(state.dogs.map(labelName))}.${extension}`, { type: blob.type });
  if (kind === 'png') return fileOf(await pngOf(await make(state)), 'png');
  onProgress(0, 0);
  const caption = (side: number) => captionOf(namesOf(state.dogs, state.view), side);
  if (kind === 'gif') {
    const { recordGif } = await loadPart(() => import('./gif.ts'));
    return fileOf(await recordGif(state, make, caption, cancelled, onProgress), 'gif');
  }
  const { recordVideo } = await loadPart(() => import('./video.ts'));
  const video = await recordVideo(state, make, caption, cancelled, onProgress);
  if (video === null) throw new Error(messages.peek().noVideo);
  return fileOf(video.blob, video.extension);
}
