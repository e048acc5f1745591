/** @module A canvas that shows the stage's picture. */
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { stagePreview } from '../opening/preview-pictures.ts';
import { devicePixels, paint } from '../ui/paint.ts';
import { stagePixels, stageSettled } from './stage-player.ts';

/** @param label for screen readers; omitted if the canvas only repeats another one */
export function StageCanvas({ label }: { label?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const show = () => {
    const element = canvas.current;
    if (!element) return;
    const made = stagePixels.value;
    const pixels = made ?? stagePreview.value;
    element.classList.toggle('painted', made !== null);
    element.classList.toggle('previewed', made === null && pixels !== null);
    element.dataset.settled = String(stageSettled.value);
    if (pixels) paint(element, pixels);
  };
  // Not useSignalEffect, which waits for the next frame: a playing walk would show only every other picture.
  useEffect(() => effect(show), []);
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() => {
      const side = devicePixels(element.clientWidth);
      if (side === 0 || element.width === side) return;
      element.width = side;
      element.height = side;
      show();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return label === undefined ? (
    <canvas ref={canvas} class="dog" />
  ) : (
    <canvas ref={canvas} class="dog" role="img" aria-label={label} />
  );
}
