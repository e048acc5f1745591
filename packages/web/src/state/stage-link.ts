/** @module The link to what the stage shows: a picture at rest, or a walk or an orbit that plays. */
import { encodePicture } from './picture-link.ts';
import { legsOf, type PictureState } from './picture-state.ts';

/**
 * The fragment of an address. A walk that plays leaves out its position, which changes all the time: its link opens playing.
 * A walk that rests at its start says so.
 *
 * @param sha256 of the model, so that whoever opens the link learns if it is no longer the same
 */
export function encodeStage(picture: PictureState, playing: boolean, sha256?: string): string {
  const { view, dogs, position } = picture;
  if (playing && view === 'mix') return encodePicture(picture, sha256).replace(/mix=[^&]*/, 'mix=orbit');
  const fragment = encodePicture(playing ? { ...picture, position: 0 } : picture, sha256);
  if (playing || view === 'mix' || position > 0 || legsOf(dogs.length) === 0) return fragment;
  return fragment.replace(/^dogs=[^&]*/, '$&&at=0');
}

/** Whether a link opens playing. */
export const playsFrom = (fragment: string) =>
  /(^|[#&])mix=orbit(&|$)/.test(fragment) || !/[#&](at|mix)=/.test(fragment);
