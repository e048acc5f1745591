/** @module A closed walk through the model as it is now, playing. */
import { useEffect, useRef } from 'preact/hooks';
import { likesMotion } from '../../state/stage-state.ts';
import { paint } from '../../ui/paint.ts';
import { studioMessages } from '../messages/messages.ts';
import { morph } from '../state/training.ts';

const FRAMES_A_SECOND = 16;
const SIDE = 384;

export function Morph() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let request = 0;
    let shown = -1;
    let from: unknown = null;
    const draw = (now: number) => {
      request = requestAnimationFrame(draw);
      const walk = morph.peek();
      if (!walk) return;
      const area = 4 * walk.size * walk.size;
      const frame = likesMotion() ? Math.floor((now / 1000) * FRAMES_A_SECOND) % (walk.pixels.length / area) : 0;
      if (frame === shown && from === walk) return;
      shown = frame;
      from = walk;
      paint(canvas.current!, walk.pixels.slice(frame * area, (frame + 1) * area));
      canvas.current!.classList.add('painted');
    };
    request = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(request);
  }, []);
  return (
    <figure class="morph">
      <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={studioMessages.value.morphLabel} />
    </figure>
  );
}
