/** @module A film: WebCodecs encodes it, mediabunny writes the file. */
import {
  BufferTarget,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import type { Pixels } from '../engine/dog-maker.ts';
import type { PictureState } from '../state/picture-state.ts';
import { resample } from '../ui/resample.ts';
import type { Caption } from './caption.ts';
import { loopOf, picturesOf } from './recording.ts';
import { COLOUR_SPACE, toI420 } from './yuv.ts';

const SIDE = 512;
const PICTURES_A_SECOND = 30;
/** Enlarged dogs are soft: more shows no difference. Twelve of them stay below 6 MB. */
const BITS_A_SECOND = 1_500_000;

const EXTENSIONS = { mp4: 'video/mp4', webm: 'video/webm' } as const;

async function chooseFormat(): Promise<{ extension: keyof typeof EXTENSIONS; codec: 'avc' | 'vp9' | 'vp8' } | null> {
  if (typeof VideoEncoder !== 'function') return null;
  const codec = await getFirstEncodableVideoCodec(['avc', 'vp9', 'vp8'], { width: SIDE, height: SIDE });
  if (codec !== 'avc' && codec !== 'vp9' && codec !== 'vp8') return null;
  return { codec, extension: codec === 'avc' ? 'mp4' : 'webm' };
}

/**
 * @param captionFor the caption for pictures of a side
 * @param onProgress receives the share that is done, and the bytes so far
 * @returns the film, or null if the browser has no encoder
 */
export async function recordVideo(
  picture: PictureState,
  make: (state: PictureState) => Promise<Pixels>,
  captionFor: (side: number) => Caption,
  cancelled: AbortSignal,
  onProgress: (share: number, bytes: number) => void,
): Promise<{ blob: Blob; extension: string } | null> {
  const chosen = await chooseFormat();
  if (chosen === null) return null;
  const { extension, codec } = chosen;
  const format: OutputFormat = extension === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat();
  const target = new BufferTarget();
  const output = new Output({ format, target });
  let bytes = 0;
  const source = new VideoSampleSource({
    codec,
    bitrate: BITS_A_SECOND,
    onEncodedPacket: ({ byteLength }) => {
      bytes += byteLength;
    },
  });
  output.addVideoTrack(source, { frameRate: PICTURES_A_SECOND });
  await output.start();
  const states = loopOf(picture, PICTURES_A_SECOND);
  const caption = captionFor(SIDE);
  let done = 0;
  try {
    for await (const pixels of picturesOf(states, make, cancelled)) {
      const large = resample(pixels, SIDE);
      caption(large);
      const sample = new VideoSample(toI420(large), {
        format: 'I420',
        codedWidth: SIDE,
        codedHeight: SIDE,
        timestamp: done / PICTURES_A_SECOND,
        duration: 1 / PICTURES_A_SECOND,
        colorSpace: COLOUR_SPACE,
      });
      await source.add(sample);
      sample.close();
      onProgress(++done / states.length, bytes);
    }
  } catch (error) {
    await output.cancel();
    throw error;
  }
  await output.finalize();
  return { blob: new Blob([target.buffer!], { type: EXTENSIONS[extension] }), extension };
}
