/** @module A pad with a dog in each corner; the stage shows the mixture at the handle. */
import { useRef } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { dogs, movePad, pad } from '../state/stage-state.ts';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

const KEY_STEP = 0.05;

export function MixPad() {
  const element = useRef<HTMLDivElement>(null);
  const text = messages.value;
  const { x, y } = pad.value;
  const follow = (event: PointerEvent) => {
    const box = element.current!.getBoundingClientRect();
    movePad((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  return (
    <div
      ref={element}
      class="pad"
      role="slider"
      tabIndex={0}
      aria-label={text.pad}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(x * 100)}
      aria-valuetext={text.padText(Math.round(x * 100), Math.round(y * 100))}
      onPointerDown={(event) => {
        element.current!.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => {
        if (element.current!.hasPointerCapture(event.pointerId)) follow(event);
      }}
      onKeyDown={(event) => {
        const right = Number(event.key === 'ArrowRight') - Number(event.key === 'ArrowLeft');
        const down = Number(event.key === 'ArrowDown') - Number(event.key === 'ArrowUp');
        if (right === 0 && down === 0) return;
        event.preventDefault();
        movePad(x + right * KEY_STEP, y + down * KEY_STEP);
      }}
    >
      {dogs.value.slice(0, 4).map((label) => (
        <span key={label} class="corner">
          <SeedCanvas label={label} side={64} />
        </span>
      ))}
      <span class="handle" style={{ left: `${x * 100}%`, top: `${y * 100}%` }} />
    </div>
  );
}
