/** @module The fixed faces of the model as it is now. */
import { useEffect, useRef } from 'preact/hooks';
import { studioMessages } from '../messages/messages.ts';
import { faces } from '../state/training.ts';
import { facesAlong } from '../state/wide.ts';

/** Device pixels along a side of the canvas. */
const SIDE = 1024;

export function Faces() {
  const text = studioMessages.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = facesAlong.value;
  const pictures = faces.value;
  useEffect(() => {
    if (!pictures) return;
    const { size, pixels } = pictures;
    const sheet = new OffscreenCanvas(columns * size, columns * size);
    const context = sheet.getContext('2d')!;
    const area = 4 * size * size;
    for (let i = 0; i < columns * columns; i++) {
      const picture = new ImageData(pixels.slice(i * area, (i + 1) * area), size, size);
      context.putImageData(picture, (i % columns) * size, Math.floor(i / columns) * size);
    }
    const shown = canvas.current!.getContext('2d', { alpha: false })!;
    shown.imageSmoothingQuality = 'high';
    shown.drawImage(sheet, 0, 0, SIDE, SIDE);
    canvas.current!.classList.add('painted');
    canvas.current!.dataset.painted = String(Number(canvas.current!.dataset.painted ?? 0) + 1);
  }, [pictures, columns]);
  return (
    <figure class="faces">
      <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={text.facesLabel} />
      {!pictures && <figcaption>{text.waiting}</figcaption>}
    </figure>
  );
}
