/** @module Computes z from the state of a picture. */
import { labelLatent, type ModelManifest, slerp, truncate } from '@latent-dogs/latent';
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

/** The point of the pad. Its corners are the upper left, upper right, lower left and lower right dogs. */
function mixLatent(zs: readonly Float32Array<ArrayBuffer>[], { x, y }: { x: number; y: number }) {
  const corner = (i: number) => zs[Math.min(i, zs.length - 1)]!;
  return slerp(slerp(corner(0), corner(1), x), slerp(corner(2), corner(3), x), y);
}

/** Moves z along the model's directions; `dials` holds the distances in standard deviations. */
function turnDials(
  z: Float32Array<ArrayBuffer>,
  dials: readonly number[],
  directions: Directions['directions'],
): Float32Array<ArrayBuffer> {
  const turned = z.slice();
  for (const [i, { vector, deviation }] of directions.entries()) {
    const distance = (dials[i] ?? 0) * deviation;
    if (distance !== 0) for (let k = 0; k < turned.length; k++) turned[k]! += distance * vector[k]!;
  }
  return turned;
}

/** @returns z of the picture, float32 [latentSize], or null if no dog is picked */
export function pictureLatent(picture: PictureState, model: Directions): Float32Array<ArrayBuffer> | null {
  if (picture.dogs.length === 0) return null;
  const zs = picture.dogs.map((label) => dogLatent(label, model.latentSize));
  const z = picture.view === 'mix' ? mixLatent(zs, picture.pad) : walkLatent(zs, picture.position);
  const truncated = picture.truncation === 1 ? z : truncate(z, picture.truncation);
  return turnDials(truncated, picture.dials, model.directions);
}
