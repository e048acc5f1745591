/** @module A photo's square, as training sees it. */
import { useEffect, useRef } from 'preact/hooks';

const SIDE = 128;

/** @param rgb bytes [128, 128, 3] */
export function Thumbnail({ rgb }: { rgb: Uint8Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const image = new ImageData(SIDE, SIDE);
    for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
      for (let c = 0; c < 3; c++) image.data[to + c] = rgb[from + c]!;
      image.data[to + 3] = 255;
    }
    canvas.current!.getContext('2d')!.putImageData(image, 0, 0);
    canvas.current!.classList.add('painted');
  }, [rgb]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} />;
}
