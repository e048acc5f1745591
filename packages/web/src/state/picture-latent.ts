/** @module Computes z from the state of a picture. */
import { labelLatent, type ModelManifest, mix, moveAlong, slerp, truncate } from '@latent-dogs/latent';
import type { PictureState } from './picture-state.ts';

type Directions = Pick<ModelManifest, 'latentSize' | 'directions'>;

/** Truncated z of a dog; of a seed: the same dog as GET /generate?seed=…&truncation=…. */
export function dogLatent(label: string, latentSize: number, truncation = 1): Float32Array<ArrayBuffer> {
  const z = labelLatent(label, latentSize);
  return truncation === 1 ? z : truncate(z, truncation);
}

/** The point at `position` of the walk through zs, which is closed if there are more than two. */
function walkLatent(zs: readonly Float32Array<ArrayBuffer>[], position: number): Float32Array<ArrayBuffer> {
  const leg = Math.min(Math.floor(position), Math.max(0, zs.length - (zs.length > 2 ? 1 : 2)));
  const from = zs[leg]!;
  const to = zs[(leg + 1) % zs.length]!;
  return zs.length === 1 ? from : slerp(from, to, Math.min(1, position - leg));
}

/** @returns z of the picture, float32 [latentSize], or null if no dog is picked */
export function pictureLatent(picture: PictureState, model: Directions): Float32Array<ArrayBuffer> | null {
  if (picture.dogs.length === 0) return null;
  const zs = picture.dogs.map((label) => dogLatent(label, model.latentSize));
  const z = picture.view === 'mix' ? mix(zs.slice(0, 4), picture.pad) : walkLatent(zs, picture.position);
  const truncated = picture.truncation === 1 ? z : truncate(z, picture.truncation);
  return moveAlong(truncated, model.directions, picture.dials);
}
