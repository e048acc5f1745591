/** @module The favourites as pictures, and buttons to export and import them. Only those near the window are in the document. */

import { labelName } from '@latent-dogs/latent';
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { model } from '../engine/engine.ts';
import { layoutFor, rowsInWindow } from '../grid/grid-layout.ts';
import { messages } from '../messages/messages.ts';
import { offerDownload } from '../share/offer-download.ts';
import { notify } from '../state/notice.ts';
import { decodePicture } from '../state/picture-link.ts';
import { wantedTop } from '../state/place.ts';
import { playsFrom } from '../state/stage-link.ts';
import { picks, showPicture } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { useNearWindow } from '../ui/near-window.ts';
import { PictureCanvas } from '../ui/picture-canvas.tsx';
import { encodeFavourites } from './favourite-list.ts';
import { addFavourites, favourites, toggleFavourite } from './favourites.ts';

interface FavouriteProps {
  fragment: string;
  /** Position in the list, from 0. */
  index: number;
  count: number;
  /** CSS pixels. */
  side: number;
  left: number;
  top: number;
  onRemove: () => void;
}

function Favourite({ fragment, index, count, side, left, top, onRemove }: FavouriteProps) {
  const picture = decodePicture(fragment);
  const entry = model.value;
  const here = entry !== null && (picture.model === null || picture.model === entry.name);
  const text = messages.value;
  const label = picture.dogs.map(labelName).join(' · ');
  return (
    <li
      class="cell"
      aria-posinset={index + 1}
      aria-setsize={count}
      style={{ width: `${side}px`, transform: `translate(${left}px, ${top}px)` }}
    >
      <button
        type="button"
        class="tile"
        aria-label={text.openFavourite(here ? label : `${picture.model} · ${label}`)}
        onClick={() => {
          picks.value += 1;
          showPicture({ ...picture, model: picture.model ?? entry?.name ?? null }, playsFrom(fragment));
        }}
      >
        <PictureCanvas picture={picture} side={side} lane="seen" />
        <span class="number">{here ? label : picture.model}</span>
      </button>
      <button type="button" class="heart kept" aria-label={`${label}: ${text.unkeep}`} onClick={onRemove}>
        <Icon name="heart" filled />
      </button>
    </li>
  );
}

const SPARE_ROWS = 1;

function Shelf({ all }: { all: readonly string[] }) {
  const list = useRef<HTMLUListElement>(null);
  const width = useSignal(0);
  const rows = useSignal({ first: 0, last: 0 });
  const layout = layoutFor(width.value);
  const look = () => {
    const { first, last } = rowsInWindow(
      layoutFor(width.peek()),
      list.current!.getBoundingClientRect().top,
      innerHeight,
      SPARE_ROWS,
    );
    if (first !== rows.peek().first || last !== rows.peek().last) rows.value = { first, last };
  };
  useNearWindow(list, width, look);
  const wanted = wantedTop.value;
  useLayoutEffect(() => {
    if (wanted === null || width.value === 0) return;
    scrollTo({ top: wanted, behavior: 'instant' });
    wantedTop.value = null;
  }, [wanted, width.value]);

  /** The one that has moved up takes the focus, so that it is not lost with the one that was removed. */
  const remove = (fragment: string, index: number) => {
    toggleFavourite(fragment);
    requestAnimationFrame(() => {
      const next = Math.min(index, favourites.peek().length - 1);
      const target = list.current?.querySelector<HTMLElement>(`[aria-posinset="${next + 1}"] .heart`);
      (target ?? document.getElementById('dogs'))?.focus();
    });
  };

  const { columns, tile, rowHeight } = layout;
  const start = rows.value.first * columns;
  const shown = width.value === 0 ? [] : all.slice(start, (rows.value.last + 1) * columns);
  return (
    <ul ref={list} class="favourites" style={{ height: `${Math.ceil(all.length / columns) * rowHeight}px` }}>
      {shown.map((fragment, i) => {
        const index = start + i;
        return (
          <Favourite
            key={fragment}
            fragment={fragment}
            index={index}
            count={all.length}
            side={tile}
            left={(index % columns) * rowHeight}
            top={Math.floor(index / columns) * rowHeight}
            onRemove={() => remove(fragment, index)}
          />
        );
      })}
    </ul>
  );
}

export function FavouritesGrid() {
  const text = messages.value;
  const chooser = useRef<HTMLInputElement>(null);
  const all = favourites.value;
  const reading = useSignal(false);
  const read = async (file: File | undefined) => {
    if (!file) return;
    reading.value = true;
    notify(addFavourites(await file.text()));
    reading.value = false;
  };
  return (
    <div>
      {all.length === 0 && <p class="hint">{text.noFavourites}</p>}
      <div class="browse-bar">
        <button
          type="button"
          class="quiet"
          disabled={all.length === 0}
          onClick={() => {
            const file = new Blob([encodeFavourites(all)], { type: 'application/json' });
            offerDownload('latent-dogs-favourites.json', file);
          }}
        >
          {text.exportFavourites}
        </button>
        <button type="button" class="quiet" disabled={reading.value} onClick={() => chooser.current!.click()}>
          {text.importFavourites}
        </button>
        <input
          ref={chooser}
          type="file"
          accept="application/json,.json"
          hidden
          onChange={(event) => {
            void read(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <Shelf all={all} />
    </div>
  );
}
