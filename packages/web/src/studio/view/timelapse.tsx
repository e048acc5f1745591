/** @module The same faces from the beginning until now. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { language } from '../../messages/messages.ts';
import { studioMessages } from '../messages/messages.ts';
import { sheets } from '../state/training.ts';

/** The address of a sheet for as long as it is shown. */
function useAddress(png: Blob | undefined): string {
  const address = useSignal('');
  useEffect(() => {
    if (!png) return;
    const made = URL.createObjectURL(png);
    address.value = made;
    return () => URL.revokeObjectURL(made);
  }, [png]);
  return address.value;
}

export function Timelapse() {
  const text = studioMessages.value;
  const all = sheets.value;
  /** Null: the newest. */
  const chosen = useSignal<number | null>(null);
  const at = Math.min(chosen.value ?? all.length - 1, all.length - 1);
  const sheet = all[at];
  const address = useAddress(sheet?.png);
  if (!sheet || all.length < 2) return null;
  const caption = text.afterSeen(sheet.imagesSeen.toLocaleString(language.value));
  return (
    <figure class="studio-timelapse">
      <h3>{text.timelapse}</h3>
      {address && <img src={address} alt={caption} />}
      <input
        type="range"
        min={0}
        max={all.length - 1}
        value={at}
        aria-label={text.timelapseMoment}
        aria-valuetext={caption}
        onInput={(event) => {
          chosen.value = event.currentTarget.valueAsNumber;
        }}
      />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
