/** @module Views of a photo: parts of it, or the whole on a canvas, mirrored, stretched, in other light. */
import { type Face, PICTURE } from '@latent-dogs/face-finder';
import type { UniformStream } from '@latent-dogs/latent';
import type { LabelledPhoto } from './labelled-photos.ts';

/** Along one axis: which share of the photo is at which share of the view. view = at + (photo - from) · zoom. */
interface Axis {
  from: number;
  at: number;
  /** Negative: mirrored. */
  zoom: number;
}

interface View {
  x: Axis;
  y: Axis;
}

const between = (stream: UniformStream, low: number, high: number) => low + (high - low) * stream.next();
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Sides of faces in views, as shares. */
const [LEAST_SIDE, LARGEST_SIDE] = [0.15, 0.9];
/** Furthest zoom out and in; further in there would be little but blur. */
const [LEAST_ZOOM, LARGEST_ZOOM] = [0.45, 2];

/** A photo's view with its first face at a random place and size, written to `out`, and all faces in it. */
export function faceView(photo: LabelledPhoto, stream: UniformStream, out: Uint8Array): Face[] {
  const face = photo.faces[0]!;
  // Most views keep nearly the photo's own frame, as it is when the finder is used.
  const own = stream.next() < 0.6;
  const wanted = own
    ? face.side * Math.exp(between(stream, -0.15, 0.15))
    : LEAST_SIDE * (LARGEST_SIDE / LEAST_SIDE) ** stream.next();
  const zoom = clamp(clamp(wanted, LEAST_SIDE, LARGEST_SIDE) / face.side, LEAST_ZOOM, LARGEST_ZOOM);
  const stretch = Math.exp(between(stream, -0.15, 0.15));
  const view = { x: place(face.x, zoom * stretch, stream), y: place(face.y, zoom / stretch, stream) };
  if (stream.next() < 0.5) view.x = { ...view.x, at: 1 - view.x.at, zoom: -view.x.zoom };
  draw(photo.pixels, view, stream, out);
  relight(out, stream);
  return photo.faces
    .map(({ x, y, side }) => ({ x: seen(view.x, x), y: seen(view.y, y), side: side * zoom }))
    .filter(({ x, y }) => inside(x) && inside(y));
}

const seen = ({ from, at, zoom }: Axis, share: number) => at + (share - from) * zoom;
const inside = (share: number) => share > 0 && share < 1;

/** Where the centre of a face may go: anywhere that keeps the view inside the photo or the photo inside the view, and a bit further. */
function place(from: number, zoom: number, stream: UniformStream): Axis {
  const at = between(stream, from * zoom, 1 - (1 - from) * zoom) + between(stream, -0.06, 0.06);
  return { from, at: clamp(at, 0.04, 0.96), zoom };
}

/** A view of a part of the photo that shows little of its faces, written to `out`; false if 30 random parts all show more. */
export function backgroundView(photo: LabelledPhoto, stream: UniformStream, out: Uint8Array): boolean {
  for (let i = 0; i < 30; i++) {
    const [width, height] = [between(stream, 0.25, 0.7), between(stream, 0.25, 0.7)];
    const [left, top] = [between(stream, 0, 1 - width), between(stream, 0, 1 - height)];
    if (photo.faces.some((face) => shareShown(face, left, top, width, height) > 0.12)) continue;
    const axis = (from: number, size: number): Axis => ({ from, at: 0, zoom: 1 / size });
    draw(photo.pixels, { x: axis(left, width), y: axis(top, height) }, stream, out);
    relight(out, stream);
    return true;
  }
  return false;
}

/** The share of a face's box that lies in a part of the photo. */
function shareShown({ x, y, side }: Face, left: number, top: number, width: number, height: number): number {
  const overlap = (centre: number, start: number, size: number) =>
    Math.max(0, Math.min(centre + side / 2, start + size) - Math.max(centre - side / 2, start)) / side;
  return overlap(x, left, width) * overlap(y, top, height);
}

/** One axis of a view: each pixel is the weighted mean of `taps` pixels of the photo. */
interface Taps {
  readonly taps: number;
  /** [128, taps]; -1: outside the photo. */
  readonly indices: Int16Array;
  readonly weights: Float32Array;
}

/** Bilinear; views that shrink the photo take the mean of several points of each pixel. Beyond the edge: the nearest pixel, or -1. */
function tapsOf({ from, at, zoom }: Axis, canvas: boolean): Taps {
  const points = Math.max(1, Math.ceil(1 / Math.abs(zoom) - 0.2));
  const taps = 2 * points;
  const indices = new Int16Array(PICTURE * taps);
  const weights = new Float32Array(PICTURE * taps);
  for (let i = 0; i < PICTURE * points; i++) {
    const position = (from + ((i + 0.5) / points / PICTURE - at) / zoom) * PICTURE - 0.5;
    const inPhoto = clamp(position, 0, PICTURE - 1.001);
    const lower = Math.floor(inPhoto);
    const outside = canvas && (position < -0.5 || position > PICTURE - 0.5);
    indices[2 * i] = outside ? -1 : lower;
    indices[2 * i + 1] = outside ? -1 : lower + 1;
    weights[2 * i] = (1 - (inPhoto - lower)) / points;
    weights[2 * i + 1] = (inPhoto - lower) / points;
  }
  return { taps, indices, weights };
}

/** Draws a view of `pixels` [128, 128, 3]. In half of the views a colour surrounds the photo, in the others its edges go on. */
function draw(pixels: Uint8Array, view: View, stream: UniformStream, out: Uint8Array): void {
  const canvas = stream.next() < 0.5;
  const colour = Float32Array.from([0, 1, 2], () => 255 * stream.next());
  const columns = tapsOf(view.x, canvas);
  const rows = tapsOf(view.y, canvas);
  const across = new Float32Array(PICTURE * PICTURE * 3);
  resample(pixels, 3 * PICTURE, 3, columns, colour, across);
  resample(across, 3, 3 * PICTURE, rows, colour, out);
}

/** Resamples along one axis. `line`: the distance of two lines along it, `step`: that of two neighbours in a line. */
function resample(
  pixels: Uint8Array | Float32Array,
  line: number,
  step: number,
  { taps, indices, weights }: Taps,
  colour: Float32Array,
  out: Uint8Array | Float32Array,
): void {
  // Typed arrays truncate; half is added where the result is bytes.
  const half = out instanceof Uint8Array ? 0.5 : 0;
  for (let row = 0; row < PICTURE; row++) {
    for (let i = 0; i < PICTURE; i++) {
      let [red, green, blue] = [half, half, half];
      for (let tap = i * taps; tap < (i + 1) * taps; tap++) {
        const index = indices[tap]!;
        const weight = weights[tap]!;
        const from: Uint8Array | Float32Array = index < 0 ? colour : pixels;
        const at = index < 0 ? 0 : row * line + index * step;
        red += weight * from[at]!;
        green += weight * from[at + 1]!;
        blue += weight * from[at + 2]!;
      }
      const to = row * line + i * step;
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
    }
  }
}

/** Changes contrast, brightness and colour in place; a tenth of the pictures become grey. */
function relight(pixels: Uint8Array, stream: UniformStream): void {
  const contrast = Math.exp(between(stream, -0.4, 0.4));
  const shift = between(stream, -35, 35);
  const grey = stream.next() < 0.1;
  const curves = [0, 1, 2].map(() => {
    const gain = contrast * Math.exp(between(stream, -0.12, 0.12));
    return Uint8ClampedArray.from({ length: 256 }, (_, value) => (value - 127.5) * gain + 127.5 + shift);
  });
  for (let c = 0; c < 3; c++) {
    const curve = curves[c]!;
    for (let at = 0; at < pixels.length; at += 3) {
      const value = grey ? (pixels[at]! + pixels[at + 1]! + pixels[at + 2]!) / 3 : pixels[at + c]!;
      pixels[at + c] = curve[Math.round(value)]!;
    }
  }
}
