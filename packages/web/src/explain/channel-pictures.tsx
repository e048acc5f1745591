/** @module A layer's most varied channels, each as a small picture at its own resolution. */
import { useEffect, useRef } from 'preact/hooks';
import type { Activation } from '../engine/protocol.ts';
import { channelPixels, liveliest } from './channels.ts';

export const LIVELIEST = 24;

export function ChannelPictures({ layer }: { layer: Activation }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const [i, channel] of liveliest(layer, LIVELIEST).entries()) {
      const canvas = box.current!.children[i] as HTMLCanvasElement;
      canvas
        .getContext('2d')!
        .putImageData(new ImageData(channelPixels(layer, channel), layer.width, layer.height), 0, 0);
    }
  }, [layer]);
  return (
    <div ref={box} class="channels" aria-hidden="true">
      {Array.from({ length: Math.min(LIVELIEST, layer.channels) }, (_, i) => (
        <canvas key={i} width={layer.width} height={layer.height} />
      ))}
    </div>
  );
}
