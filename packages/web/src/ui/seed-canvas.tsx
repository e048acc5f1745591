/** @module A small picture of the dog of a seed. */
import { useEffect, useRef } from 'preact/hooks';
import type { Pixels } from '../engine/dog-maker.ts';
import { dogPicture, recentDog } from '../engine/dog-pictures.ts';
import { model } from '../engine/engine.ts';
import type { Lane } from '../engine/work-queue.ts';
import { previewOf } from '../opening/preview-pictures.ts';
import { gridTruncation } from '../state/grid-truncation.ts';
import { devicePixels, paint } from './paint.ts';
import { soon } from './work-portions.ts';

interface SeedCanvasProps {
  label: string;
  /** CSS pixels. */
  side: number;
  /** How urgent it is. */
  lane?: Lane;
}

export function SeedCanvas({ label, side, lane = 'seen' }: SeedCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const psi = gridTruncation.value;
  const current = model.value;
  const preview = previewOf(label, psi);
  useEffect(() => {
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const show = (pixels: Pixels, state: 'previewed' | 'painted') => {
      const takeBack = soon(() => {
        paint(canvas.current!, pixels);
        canvas.current!.classList.add(state);
      });
      signal.addEventListener('abort', takeBack);
    };
    const recent = current && recentDog(label, psi);
    if (recent) show(recent, 'painted');
    else if (preview && !canvas.current!.classList.contains('painted')) show(preview, 'previewed');
    if (current && !recent) {
      void dogPicture(label, psi, lane, signal).then((pixels) => {
        if (!signal.aborted) show(pixels, 'painted');
      });
    }
    return () => giveUp.abort();
  }, [label, psi, current, side, lane, preview]);
  const pixels = devicePixels(side);
  return <canvas ref={canvas} class="dog" width={pixels} height={pixels} />;
}
