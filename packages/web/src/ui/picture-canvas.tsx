/** @module A small picture of any state of the stage. */
import { useEffect, useRef } from 'preact/hooks';
import { maker, manifest, model } from '../engine/engine.ts';
import type { Lane } from '../engine/work-queue.ts';
import { pictureLatent } from '../state/picture-latent.ts';
import { encodePicture } from '../state/picture-link.ts';
import type { PictureState } from '../state/picture-state.ts';
import { devicePixels, paint } from './paint.ts';
import { soon } from './work-portions.ts';

/** @param side CSS pixels */
export function PictureCanvas({ picture, side, lane }: { picture: PictureState; side: number; lane: Lane }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const entry = model.value;
  const described = manifest.value;
  const here = entry !== null && (picture.model === null || picture.model === entry.name);
  const key = encodePicture(picture);
  useEffect(() => {
    if (!here || !entry || (picture.dials.length > 0 && !described)) return;
    const z = pictureLatent(picture, { latentSize: entry.latentSize, directions: described?.directions ?? [] });
    if (!z) return;
    const giveUp = new AbortController();
    void maker.make(z, lane, giveUp.signal).then((pixels) => {
      if (giveUp.signal.aborted) return;
      const takeBack = soon(() => {
        paint(canvas.current!, pixels);
        canvas.current!.classList.add('painted');
      });
      giveUp.signal.addEventListener('abort', takeBack);
    });
    return () => giveUp.abort();
  }, [key, entry, described, side]);
  const pixels = devicePixels(side);
  return <canvas ref={canvas} class="dog" width={pixels} height={pixels} />;
}
