/** @module The favourites as pictures, and buttons to export and import them. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { maker, manifest, model } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { offerDownload } from '../share/offer-download.ts';
import { notify } from '../state/notice.ts';
import { pictureLatent } from '../state/picture-latent.ts';
import { decodePicture } from '../state/picture-link.ts';
import { showPicture } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { paint } from '../ui/paint.ts';
import { encodeFavourites } from './favourite-list.ts';
import { addFavourites, favourites, toggleFavourite } from './favourites.ts';

/** Device pixels. */
const SIDE = 288;

function Favourite({ fragment }: { fragment: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = decodePicture(fragment);
  const entry = model.value;
  const described = manifest.value;
  const here = entry !== null && (picture.model === null || picture.model === entry.name);
  useEffect(() => {
    if (!here || !entry || (picture.dials.length > 0 && !described)) return;
    const giveUp = new AbortController();
    const z = pictureLatent(picture, { latentSize: entry.latentSize, directions: described?.directions ?? [] })!;
    void maker.make(z, 'seen', giveUp.signal).then((pixels) => {
      if (giveUp.signal.aborted) return;
      paint(canvas.current!, pixels);
      canvas.current!.classList.add('painted');
    });
    return () => giveUp.abort();
  }, [fragment, entry, described]);
  const text = messages.value;
  const label = picture.dogs.map(text.dog).join(', ');
  return (
    <li class="cell">
      <button
        type="button"
        class="tile"
        aria-label={text.openFavourite(label)}
        onClick={() => {
          showPicture({ ...picture, model: picture.model ?? entry?.name ?? null });
          document.getElementById('stage')?.scrollIntoView({ block: 'nearest' });
        }}
      >
        <canvas ref={canvas} class="dog" width={SIDE} height={SIDE} />
        <span class="number">{here ? picture.dogs.join(' · ') : picture.model}</span>
      </button>
      <button
        type="button"
        class="heart kept"
        aria-label={`${label}: ${text.unkeep}`}
        onClick={() => toggleFavourite(fragment)}
      >
        <Icon name="heart" filled />
      </button>
    </li>
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
    const count = addFavourites(await file.text());
    notify(count === null ? text.notFavourites : text.imported(count));
    reading.value = false;
  };
  return (
    <div>
      {all.length === 0 && <p class="hint">{text.noFavourites}</p>}
      <ul class="favourites">
        {all.map((fragment) => (
          <Favourite key={fragment} fragment={fragment} />
        ))}
      </ul>
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
    </div>
  );
}
