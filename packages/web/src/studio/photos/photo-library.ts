/**
 * @module The photos of the Studio, kept on the device: originals, the squares that training sees, and a journal of what was
 * added, changed and removed.
 */

import { hexDigest } from '../storage/digest.ts';
import type { Folder } from '../storage/folder.ts';
import { LineFile } from '../storage/line-file.ts';
import { cut } from './cut.ts';
import { decode } from './decode.ts';
import { firstSquare } from './first-square.ts';
import { cutName, type Origin, type Photo } from './photo.ts';
import { type GuessSquare, legalSquare, type Square } from './square.ts';

const ID_DIGITS = 24;

type Change =
  | { add: Photo }
  | { change: string; square: Square; origin: Origin }
  | { remove: string }
  | { findFaces: boolean };

export class PhotoLibrary {
  readonly #originals: Folder;
  readonly #cuts: Folder;
  readonly #journal: LineFile<Change>;
  readonly #guess: GuessSquare;
  readonly #photos = new Map<string, Photo>();
  #findFaces = true;

  private constructor(originals: Folder, cuts: Folder, journal: LineFile<Change>, guess: GuessSquare) {
    this.#originals = originals;
    this.#cuts = cuts;
    this.#journal = journal;
    this.#guess = guess;
    for (const change of journal.lines) this.#apply(change);
  }

  /** @param guess finds a face, which is a photo's first square. */
  static async open(folder: Folder, guess: GuessSquare): Promise<PhotoLibrary> {
    const [originals, cuts] = [await folder.folder('originals'), await folder.folder('cuts')];
    return new PhotoLibrary(originals, cuts, await LineFile.open(folder, 'journal.jsonl'), guess);
  }

  /** In the order in which they were added. */
  get photos(): Photo[] {
    return [...this.#photos.values()];
  }

  /** Whether the first square of a photo is the face in it, or its middle. */
  get findFaces(): boolean {
    return this.#findFaces;
  }

  /** Changes no photo: see `guessAgain`. */
  set findFaces(findFaces: boolean) {
    this.#note({ findFaces });
  }

  /** Adds a photo; returns null if it is here already. @throws UnusableFile, QuotaExceededError */
  async add(name: string, file: Blob): Promise<Photo | null> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const id = (await hexDigest(bytes)).slice(0, ID_DIGITS);
    if (this.#photos.has(id)) return null;
    const bitmap = await decode(file, name);
    try {
      const { width, height } = bitmap;
      const photo = { id, name, width, height, ...(await this.#firstSquare(bitmap)) };
      await this.#keep(photo, bytes, cut(bitmap, photo.square));
      return photo;
    } finally {
      bitmap.close();
    }
  }

  #firstSquare(bitmap: ImageBitmap): ReturnType<typeof firstSquare> {
    return firstSquare(bitmap, this.#findFaces ? this.#guess : null);
  }

  /** Keeps a photo's files, or none of them. */
  async #keep(photo: Photo, original: Uint8Array, cutFile: Uint8Array): Promise<void> {
    try {
      await this.#originals.write(photo.id, original);
      await this.#cuts.write(cutName(photo), cutFile);
      this.#note({ add: photo });
    } catch (error) {
      await this.#originals.remove(photo.id);
      await this.#cuts.remove(cutName(photo));
      throw error;
    }
  }

  /** Gives a photo the square that the user set. */
  change(id: string, wanted: Square): Promise<Photo> {
    const square = legalSquare(wanted, this.#photos.get(id)!);
    return this.#change(id, async () => ({ square, origin: 'hand' }));
  }

  /** Gives a photo the square that it would have if it was added now. */
  guessAgain(id: string): Promise<Photo> {
    return this.#change(id, (bitmap) => this.#firstSquare(bitmap));
  }

  async #change(
    id: string,
    choose: (bitmap: ImageBitmap) => Promise<{ square: Square; origin: Origin }>,
  ): Promise<Photo> {
    const before = this.#photos.get(id)!;
    const bitmap = await decode((await this.#originals.file(id))!, before.name);
    const { square, origin } = await choose(bitmap);
    const after = { ...before, square, origin };
    await this.#cuts.write(cutName(after), cut(bitmap, square));
    bitmap.close();
    this.#note({ change: id, square, origin });
    if (cutName(after) !== cutName(before)) await this.#cuts.remove(cutName(before));
    return after;
  }

  async remove(id: string): Promise<void> {
    const photo = this.#photos.get(id);
    if (!photo) return;
    this.#note({ remove: id });
    await this.#originals.remove(id);
    await this.#cuts.remove(cutName(photo));
  }

  /** The contents of a photo's cut file, which is made again if it is missing. */
  async cutOf(photo: Photo): Promise<Uint8Array> {
    const kept = await this.#cuts.read(cutName(photo));
    if (kept && kept.length > 0) return kept;
    await this.#change(photo.id, async () => photo);
    return (await this.#cuts.read(cutName(photo)))!;
  }

  /** The file as it was added. */
  original(id: string): Promise<File | null> {
    return this.#originals.file(id);
  }

  close(): void {
    this.#journal.close();
  }

  #note(change: Change): void {
    this.#journal.append(change);
    this.#apply(change);
  }

  #apply(change: Change): void {
    if ('add' in change) this.#photos.set(change.add.id, change.add);
    else if ('remove' in change) this.#photos.delete(change.remove);
    else if ('findFaces' in change) this.#findFaces = change.findFaces;
    else {
      const { change: id, square, origin } = change;
      this.#photos.set(id, { ...this.#photos.get(id)!, square, origin });
    }
  }
}
