/** @module A pad with a dog in each corner; the stage shows the mixture at the handle. */

import { labelName } from '@latent-dogs/latent';
import { useRef } from 'preact/hooks';
import { dropTarget } from '../grid/dragged-dog.ts';
import { messages } from '../messages/messages.ts';
import { dogOf } from '../state/seed-text.ts';
import { dogs, movePad, pad, setCorner } from '../state/stage-state.ts';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

const KEY_STEP = 0.05;
const CORNERS = [0, 1, 2, 3];

export function MixPad() {
  const element = useRef<HTMLDivElement>(null);
  const text = messages.value;
  const { x, y } = pad.value;
  const follow = (event: PointerEvent) => {
    const box = element.current!.getBoundingClientRect();
    movePad((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  return (
    <div class="mix">
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
        {CORNERS.map((corner) => {
          const label = dogs.value[corner];
          return (
            <span
              key={corner}
              class="corner"
              {...dropTarget((dog) => {
                if (dogOf(dog) !== null) setCorner(corner, dog);
              })}
            >
              {label === undefined ? '?' : <SeedCanvas label={label} side={56} />}
              <span class="corner-name">{label === undefined ? text.emptyCorner : labelName(label)}</span>
            </span>
          );
        })}
        <span class="handle" style={{ left: `${x * 100}%`, top: `${y * 100}%` }} />
      </div>
    </div>
  );
}
