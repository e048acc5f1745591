/** @module A walk as a film: WebCodecs encodes it, mediabunny writes the file. */
import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  WebMOutputFormat,
} from 'mediabunny';
import type { Pixels } from '../engine/dog-maker.ts';
import { paint } from '../ui/paint.ts';
import { loopPictures, loopPositions } from './recorded-walk.ts';

const SIDE = 512;
const PICTURES_A_SECOND = 30;
const BITS_A_SECOND = 4_000_000;

const EXTENSIONS = { mp4: 'video/mp4', webm: 'video/webm' } as const;

async function chooseFormat(): Promise<{ extension: keyof typeof EXTENSIONS; codec: 'avc' | 'vp9' | 'vp8' } | null> {
  if (typeof VideoEncoder !== 'function') return null;
  const codec = await getFirstEncodableVideoCodec(['avc', 'vp9', 'vp8'], { width: SIDE, height: SIDE });
  if (codec !== 'avc' && codec !== 'vp9' && codec !== 'vp8') return null;
  return { codec, extension: codec === 'avc' ? 'mp4' : 'webm' };
}

/** @returns the film, or null if the browser has no encoder */
export async function recordVideo(
  dogs: number,
  dogAt: (position: number) => Promise<Pixels>,
  cancelled: AbortSignal,
  onProgress: (share: number) => void,
): Promise<{ blob: Blob; extension: string } | null> {
  const chosen = await chooseFormat();
  if (chosen === null) return null;
  const { extension, codec } = chosen;
  const format: OutputFormat = extension === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat();
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const source = new CanvasSource(canvas, { codec, bitrate: BITS_A_SECOND });
  output.addVideoTrack(source, { frameRate: PICTURES_A_SECOND });
  await output.start();
  const positions = loopPositions(dogs, PICTURES_A_SECOND);
  let done = 0;
  try {
    for await (const pixels of loopPictures(positions, dogAt, cancelled)) {
      paint(canvas, pixels);
      await source.add(done / PICTURES_A_SECOND, 1 / PICTURES_A_SECOND);
      onProgress(++done / positions.length);
    }
  } catch (error) {
    await output.cancel();
    throw error;
  }
  await output.finalize();
  return { blob: new Blob([target.buffer!], { type: EXTENSIONS[extension] }), extension };
}
