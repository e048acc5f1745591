/** @module The worker that decodes photos and keeps them on the device. */
import { Folder } from '../storage/folder.ts';
import { cutOf } from './cut-file.ts';
import { UnusableFile } from './decode.ts';
import { faceSquare } from './face-square.ts';
import { isHidden, isImageName, isZip } from './file-kinds.ts';
import { isOutdated } from './first-square.ts';
import type { Photo } from './photo.ts';
import { PhotoLibrary } from './photo-library.ts';
import type { PhotoReply, PhotoRequest } from './photo-protocol.ts';
import { unpackZip } from './unpack-zip.ts';

declare const self: DedicatedWorkerGlobalScope;

const FOLDER = 'photos';

const say = (reply: PhotoReply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);

let opening: Promise<PhotoLibrary> | undefined;
const NOTHING = { done: 0, total: 0, skipped: 0 };
const progress = { ...NOTHING };

async function open(): Promise<PhotoLibrary> {
  return PhotoLibrary.open(await (await Folder.studio()).folder(FOLDER), faceSquare);
}

async function show(library: PhotoLibrary, photo: Photo): Promise<void> {
  const thumbnail = cutOf(await library.cutOf(photo), 128).slice() as Uint8Array<ArrayBuffer>;
  say({ kind: 'photo', photo, thumbnail }, [thumbnail.buffer]);
}

/** Adds one file, or says why it cannot be used. */
async function addOne(library: PhotoLibrary, name: string, read: () => Blob): Promise<void> {
  try {
    const photo = await library.add(name, read());
    if (photo) await show(library, photo);
  } catch (error) {
    say({ kind: 'unusable', name, reason: reasonOf(error) });
  }
  progress.done++;
  say({ kind: 'progress', ...progress });
}

function reasonOf(error: unknown) {
  if (error instanceof UnusableFile) return error.reason;
  if ((error as DOMException).name === 'QuotaExceededError') return 'no-room';
  throw error;
}

async function addZip(library: PhotoLibrary, zip: File): Promise<void> {
  const files = (await unpackZip(zip)).filter(({ path }) => !isHidden(path));
  const manifest = files.find(({ path }) => /(^|\/)model\.json$/.test(path));
  if (manifest) {
    const folder = manifest.path.slice(0, -'model.json'.length);
    const inside = files.filter(({ path }) => path.startsWith(folder));
    say({ kind: 'model', files: inside.map(({ path, read }) => ({ path: path.slice(folder.length), bytes: read() })) });
    return;
  }
  const photos = files.filter(({ path }) => isImageName(path));
  progress.total += photos.length;
  progress.skipped += files.length - photos.length;
  for (const { path, read } of photos) await addOne(library, path.split('/').at(-1)!, () => new Blob([read()]));
}

async function add(library: PhotoLibrary, files: readonly File[]): Promise<void> {
  for (const file of files) {
    if (!isZip(file.name)) {
      await addOne(library, file.name, () => file);
      continue;
    }
    try {
      await addZip(library, file);
    } catch (error) {
      say({ kind: 'unusable', name: file.name, reason: reasonOf(error) });
    }
    progress.done++;
    say({ kind: 'progress', ...progress });
  }
}

/** After "Find dogs' faces" was switched: gives photos the squares that they would have if they were added now. */
async function guessAgain(library: PhotoLibrary): Promise<void> {
  const outdated = library.photos.filter((photo) => isOutdated(photo, library.findFaces));
  progress.total += outdated.length;
  for (const { id } of outdated) {
    await show(library, await library.guessAgain(id));
    progress.done++;
    say({ kind: 'progress', ...progress });
  }
}

async function answer(request: PhotoRequest): Promise<void> {
  opening ??= open();
  const library = await opening;
  switch (request.kind) {
    case 'open':
      say({ kind: 'find-faces', on: library.findFaces });
      for (const photo of library.photos) await show(library, photo);
      // What a closed tab left undone.
      await guessAgain(library);
      break;
    case 'add':
      await add(library, request.files);
      break;
    case 'change':
      await show(library, await library.change(request.id, request.square));
      break;
    case 'find-faces':
      library.findFaces = request.on;
      await guessAgain(library);
      break;
    case 'remove':
      await library.remove(request.id);
      say({ kind: 'removed', id: request.id });
      break;
    case 'original':
      say({ kind: 'original', id: request.id, file: await library.original(request.id) });
      break;
    case 'clear':
      library.close();
      await (await Folder.studio()).remove(FOLDER);
      opening = open();
      await opening;
      Object.assign(progress, NOTHING);
      say({ kind: 'cleared' });
      break;
  }
}

// One request after another, in their order.
let turn = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<PhotoRequest>) => {
  if (data.kind === 'add') {
    progress.total += data.files.length;
    say({ kind: 'progress', ...progress });
  }
  turn = turn
    .then(() => answer(data))
    .catch((error: DOMException) => {
      Object.assign(progress, NOTHING);
      say({ kind: 'progress', ...progress });
      const otherTab = error.name === 'NoModificationAllowedError';
      say({ kind: 'failed', reason: otherTab ? 'other-tab' : 'no-storage', detail: `${error.name}: ${error.message}` });
    });
};
