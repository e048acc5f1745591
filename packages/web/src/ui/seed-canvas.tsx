/** @module A small picture of the dog of a seed. */
import { useEffect, useRef } from 'preact/hooks';
import type { Pixels } from '../engine/dog-maker.ts';
import { dogPicture, recentDog } from '../engine/dog-pictures.ts';
import { model } from '../engine/engine.ts';
import { previewOf } from '../opening/preview-pictures.ts';
import { truncation } from '../state/stage-state.ts';
import { devicePixels, paint } from './paint.ts';

/** @param side CSS pixels */
export function SeedCanvas({ label, side }: { label: string; side: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const psi = truncation.value;
  const current = model.value;
  const preview = previewOf(label, psi);
  useEffect(() => {
    if (preview && !canvas.current!.classList.contains('painted')) {
      paint(canvas.current!, preview);
      canvas.current!.classList.add('previewed');
    }
    if (!current) return;
    const show = (pixels: Pixels) => {
      paint(canvas.current!, pixels);
      canvas.current!.classList.add('painted');
    };
    const recent = recentDog(label, psi);
    if (recent) {
      show(recent);
      return;
    }
    const giveUp = new AbortController();
    void dogPicture(label, psi, giveUp.signal).then((pixels) => {
      if (!giveUp.signal.aborted) show(pixels);
    });
    return () => giveUp.abort();
  }, [label, psi, current, side, preview]);
  const pixels = devicePixels(side);
  return <canvas ref={canvas} class="dog" width={pixels} height={pixels} />;
}
