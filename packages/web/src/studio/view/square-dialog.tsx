/** @module Adjusts the square of a photo: by dragging and pinching, or with sliders and the keyboard. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { studioMessages } from '../messages/messages.ts';
import type { Photo } from '../photos/photo.ts';
import { LEAST_SIDE, legalSquare, resizedSquare, type Square } from '../photos/square.ts';
import { changeSquare, originalOf, removePhoto } from '../state/photos.ts';

const WHEEL_STEP = 0.05;

export function SquareDialog({ photo, onClose }: { photo: Photo; onClose: () => void }) {
  const text = studioMessages.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const address = useSignal('');
  const square = useSignal<Square>(photo.square);
  /** Where the fingers are, by pointer. */
  const pointers = useRef(new Map<number, { x: number; y: number }>());

  useEffect(() => {
    dialog.current!.showModal();
    let made = '';
    void originalOf(photo.id).then((file) => {
      if (!file) return;
      made = URL.createObjectURL(file);
      address.value = made;
    });
    return () => URL.revokeObjectURL(made);
  }, []);

  const place = (next: Square) => {
    square.value = legalSquare(next, photo);
  };
  const resize = (side: number) => {
    square.value = resizedSquare(square.value, side, photo);
  };
  /** Photo pixels per CSS pixel. */
  const scale = () => photo.width / frame.current!.clientWidth;

  const onMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      resize((square.value.side * apart(now)) / Math.max(1, apart(before)));
    } else {
      const { x, y, side } = square.value;
      place({ x: x + (now.x - before.x) * scale(), y: y + (now.y - before.y) * scale(), side });
    }
    pointers.current.set(event.pointerId, now);
  };
  const release = (event: PointerEvent) => pointers.current.delete(event.pointerId);

  const { x, y, side } = square.value;
  const percent = (value: number, whole: number) => `${(100 * value) / whole}%`;
  const slider = (label: string, value: number, least: number, most: number, set: (value: number) => void) => (
    <label>
      <span>{label}</span>
      <input
        type="range"
        min={least}
        max={Math.max(least, most)}
        value={value}
        disabled={most <= least}
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
  return (
    <dialog ref={dialog} class="square-dialog" aria-labelledby="square-title" onClose={onClose}>
      <h3 id="square-title">{text.adjustTitle}</h3>
      <p>{text.adjustHelp}</p>
      {photo.origin === 'not-found' && <p class="hint careful">{text.noFace}</p>}
      <div
        ref={frame}
        class="frame"
        style={{
          aspectRatio: `${photo.width} / ${photo.height}`,
          maxWidth: `calc(56vh * ${photo.width / photo.height})`,
        }}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        }}
        onPointerMove={onMove}
        onPointerUp={release}
        onPointerCancel={release}
        onWheel={(event) => {
          event.preventDefault();
          resize(side * (1 + Math.sign(event.deltaY) * WHEEL_STEP));
        }}
      >
        {address.value && <img src={address.value} alt={photo.name} draggable={false} />}
        <div
          class="cut"
          style={{
            left: percent(x, photo.width),
            top: percent(y, photo.height),
            width: percent(side, photo.width),
            height: percent(side, photo.height),
          }}
        />
      </div>
      <div class="sliders">
        {slider(text.left, x, 0, photo.width - side, (value) => place({ x: value, y, side }))}
        {slider(text.top, y, 0, photo.height - side, (value) => place({ x, y: value, side }))}
        {slider(text.side, side, LEAST_SIDE, Math.min(photo.width, photo.height), resize)}
      </div>
      <div class="choices">
        <button
          type="button"
          class="quiet"
          onClick={() => {
            removePhoto(photo.id);
            dialog.current!.close();
          }}
        >
          {text.remove}
        </button>
        <button
          type="button"
          class="strong"
          onClick={() => {
            changeSquare(photo.id, square.value);
            dialog.current!.close();
          }}
        >
          {text.done}
        </button>
      </div>
    </dialog>
  );
}
