/** @module The photos, and the files that cannot be used. */
import { useSignal } from '@preact/signals';
import { studioMessages } from '../messages/messages.ts';
import type { Photo } from '../photos/photo.ts';
import { byFace, clearPhotos, photos, photosFailure, unusable } from '../state/photos.ts';
import { wide } from '../state/wide.ts';
import { SquareDialog } from './square-dialog.tsx';
import { Thumbnail } from './thumbnail.tsx';

/** Thumbnails before "Show all". On a phone more would push Start out of reach, and many at once make the page slow. */
const SHOWN = { phone: 24, wide: 120 };

function Unusable() {
  const text = studioMessages.value;
  const files = unusable.value;
  if (files.length === 0) return null;
  return (
    <details class="unusable" open={files.length <= 5}>
      <summary>{text.unusableTitle(files.length)}</summary>
      <ul>
        {files.map(({ name, reason }, i) => (
          <li key={i}>
            <b>{name}</b>: {text.unusable[reason]}
          </li>
        ))}
      </ul>
    </details>
  );
}

const NoFaceMark = () => (
  <span class="no-face-mark" aria-hidden="true">
    ?
  </span>
);

export function PhotoGrid() {
  const text = studioMessages.value;
  const all = useSignal(false);
  const limit = wide.value ? SHOWN.wide : SHOWN.phone;
  const adjusted = useSignal<string | null>(null);
  const { without, others } = byFace.value;
  const shown = [...without, ...others];
  const open = adjusted.value === null ? undefined : photos.value.get(adjusted.value);
  const failed = photosFailure.value;
  const labelOf = ({ name, origin }: Photo) =>
    origin === 'not-found' ? `${text.adjust(name)}. ${text.noFace}` : text.adjust(name);
  return (
    <>
      {failed && (
        <p class="problem" role="alert">
          {text.failures[failed.reason]} <span class="detail">{failed.detail}</span>
        </p>
      )}
      {shown.length > 0 && (
        <div class="photo-summary">
          <p>{text.photoCount(shown.length)}</p>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              if (confirm(text.clearSure)) clearPhotos();
            }}
          >
            {text.clear}
          </button>
        </div>
      )}
      {without.length > 0 && (
        <p>
          <NoFaceMark /> {text.noFaces(without.length)}
        </p>
      )}
      <ul class="photos">
        {shown.slice(0, all.value ? shown.length : limit).map(({ photo, thumbnail }) => (
          <li key={photo.id}>
            <button
              type="button"
              class="photo"
              aria-label={labelOf(photo)}
              title={photo.origin === 'not-found' ? text.noFace : undefined}
              onClick={() => {
                adjusted.value = photo.id;
              }}
            >
              <Thumbnail rgb={thumbnail} />
              {photo.origin === 'not-found' && <NoFaceMark />}
            </button>
          </li>
        ))}
      </ul>
      {!all.value && shown.length > limit && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            all.value = true;
          }}
        >
          {text.showAll(shown.length)}
        </button>
      )}
      <Unusable />
      {open && (
        <SquareDialog
          key={open.photo.id}
          photo={open.photo}
          onClose={() => {
            adjusted.value = null;
          }}
        />
      )}
    </>
  );
}
