/** @module Where photos come in: dropped, chosen as files, or chosen as a folder. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { studioMessages } from '../messages/messages.ts';
import { droppedFiles, modelAmong } from '../state/dropped-files.ts';
import { adding, addPhotos } from '../state/photos.ts';
import { importModel } from '../state/training.ts';

/** A model folder is used; all else is taken for photos. */
async function take(files: Promise<File[]> | File[]): Promise<void> {
  const all = await files;
  const model = await modelAmong(all);
  if (model) importModel(model);
  else addPhotos(all.filter(({ name }) => !name.startsWith('.')));
}

export function DropZone() {
  const text = studioMessages.value;
  const over = useSignal(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    folder.current!.webkitdirectory = true;
  }, []);
  const { done, total, skipped } = adding.value;
  const chosen = (input: HTMLInputElement) => {
    void take([...(input.files ?? [])]);
    // So that the same choice can be made again.
    input.value = '';
  };
  return (
    <section
      class={over.value ? 'drop-zone over' : 'drop-zone'}
      aria-label={text.drop}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        if (event.dataTransfer) void take(droppedFiles(event.dataTransfer));
      }}
    >
      <p>{text.drop}</p>
      <p class="hint">{text.useModel}</p>
      <div class="choices">
        <button type="button" class="strong" onClick={() => files.current!.click()}>
          {text.chooseFiles}
        </button>
        <button type="button" class="quiet folder-choice" onClick={() => folder.current!.click()}>
          {text.chooseFolder}
        </button>
      </div>
      <input
        ref={files}
        class="photo-files"
        type="file"
        accept="image/*,.heic,.heif,.zip"
        multiple
        hidden
        onChange={(event) => chosen(event.currentTarget)}
      />
      <input
        ref={folder}
        class="photo-folder"
        type="file"
        multiple
        hidden
        onChange={(event) => chosen(event.currentTarget)}
      />
      <div class="adding" role="status">
        {done < total && <progress value={done} max={total} aria-label={text.adding(done, total)} />}
        {done < total && <p>{text.adding(done, total)}</p>}
        {skipped > 0 && <p>{text.skipped(skipped)}</p>}
      </div>
    </section>
  );
}
