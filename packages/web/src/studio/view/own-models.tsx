/** @module The models on this device: see, download, delete. */
import { catalogue, startEngine } from '../../engine/engine.ts';
import { deleteLocalModel } from '../../engine/local-models.ts';
import { openPage } from '../../state/page-state.ts';
import { modelName } from '../../state/stage-state.ts';
import { studioMessages } from '../messages/messages.ts';
import { downloadModel, savedModel } from '../state/training.ts';

async function remove(name: string): Promise<void> {
  await deleteLocalModel(name);
  if (savedModel.value === name) savedModel.value = null;
  await startEngine();
}

export function OwnModels() {
  const text = studioMessages.value;
  const own = catalogue.value.filter(({ local }) => local);
  const saved = own.some(({ name }) => name === savedModel.value) ? savedModel.value : null;
  if (own.length === 0) return null;
  return (
    <section class="panel own-models">
      {saved !== null && (
        <p class="saved-model" role="status">
          {text.saved(saved)}
        </p>
      )}
      <h2>{text.ownModels}</h2>
      <ul>
        {own.map(({ name, size }) => (
          <li key={name}>
            <b>{name}</b> <span class="hint">{text.size(size)}</span>
            <button
              type="button"
              class="strong"
              onClick={() => {
                modelName.value = name;
                openPage('gallery');
              }}
            >
              {text.openGallery}
            </button>
            <button type="button" class="quiet" onClick={() => downloadModel(name)}>
              {text.downloadModel}
            </button>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                if (confirm(text.deleteModelSure(name))) void remove(name);
              }}
            >
              {text.deleteModel}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
