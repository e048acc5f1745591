/** @module Deletes everything that the Studio keeps on the device. */
import { catalogue, startEngine } from '../../engine/engine.ts';
import { deleteLocalModel } from '../../engine/local-models.ts';
import { studioMessages } from '../messages/messages.ts';
import { clearPhotos } from '../state/photos.ts';
import { discard, savedModel } from '../state/training.ts';

async function erase(): Promise<void> {
  clearPhotos();
  discard();
  for (const { name, local } of catalogue.peek()) if (local) await deleteLocalModel(name);
  savedModel.value = null;
  await startEngine();
}

export function Erase() {
  const text = studioMessages.value;
  return (
    <p>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          if (confirm(text.eraseSure)) void erase();
        }}
      >
        {text.erase}
      </button>
    </p>
  );
}
