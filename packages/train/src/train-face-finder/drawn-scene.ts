import { PICTURE } from '@latent-dogs/face-finder';
import type { UniformStream } from '@latent-dogs/latent';

/** Draws a picture without a face into `out` [128, 128, 3]: a gradient, some blocks and discs on it, waves and noise. */
export function drawnScene(stream: UniformStream, out: Uint8Array): void {
  const colour = () => [0, 1, 2].map(() => 255 * stream.next());
  const [left, right] = [colour(), colour()];
  const shapes = Array.from({ length: stream.nextInt(7) }, () => ({
    round: stream.next() < 0.5,
    x: PICTURE * stream.next(),
    y: PICTURE * stream.next(),
    width: PICTURE * (0.03 + 0.4 * stream.next()),
    height: PICTURE * (0.03 + 0.4 * stream.next()),
    colour: colour(),
  }));
  const noise = stream.next() < 0.5 ? 0 : 80 * stream.next() ** 2;
  const wave = stream.next() < 0.5 ? 0 : 60 * stream.next();
  const [fx, fy] = [stream.next() - 0.5, stream.next() - 0.5];
  for (let y = 0; y < PICTURE; y++) {
    for (let x = 0; x < PICTURE; x++) {
      const shape = shapes.findLast(({ round, ...box }) => {
        const [dx, dy] = [(x - box.x) / box.width, (y - box.y) / box.height];
        return round ? dx * dx + dy * dy < 0.25 : Math.abs(dx) < 0.5 && Math.abs(dy) < 0.5;
      });
      const light = wave * Math.sin(fx * x + fy * y);
      for (let c = 0; c < 3; c++) {
        const base = shape?.colour[c] ?? left[c]! + ((right[c]! - left[c]!) * x) / PICTURE;
        const value = base + light + (noise && noise * (stream.next() - 0.5));
        out[(y * PICTURE + x) * 3 + c] = Math.round(Math.min(255, Math.max(0, value)));
      }
    }
  }
}
