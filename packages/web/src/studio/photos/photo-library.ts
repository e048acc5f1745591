/**
 * @module The photos of the Studio, kept on the device: originals, the squares that training sees, and a journal of what was
 * added, changed and removed.
 */

import { hexDigest } from '../storage/digest.ts';
import type { Folder } from '../storage/folder.ts';
import { LineFile } from '../storage/line-file.ts';
import { cut } from './cut.ts';
import { decode } from './decode.ts';
import { cutName, type Photo } from './photo.ts';
import { centreSquare, type GuessSquare, legalSquare, type Square } from './square.ts';

const ID_DIGITS = 24;

type Change = { add: Photo } | { change: string; square: Square } | { remove: string };

export class PhotoLibrary {
  readonly #originals: Folder;
  readonly #cuts: Folder;
  readonly #journal: LineFile<Change>;
  readonly #guess: GuessSquare;
  readonly #photos = new Map<string, Photo>();

  private constructor(originals: Folder, cuts: Folder, journal: LineFile<Change>, guess: GuessSquare) {
    this.#originals = originals;
    this.#cuts = cuts;
    this.#journal = journal;
    this.#guess = guess;
    for (const change of journal.lines) this.#apply(change);
  }

  /** @param guess gives a photo's first square; by default it is the middle. */
  static async open(folder: Folder, guess: GuessSquare = async () => null): Promise<PhotoLibrary> {
    const [originals, cuts] = [await folder.folder('originals'), await folder.folder('cuts')];
    return new PhotoLibrary(originals, cuts, await LineFile.open(folder, 'journal.jsonl'), guess);
  }

  /** In the order in which they were added. */
  get photos(): Photo[] {
    return [...this.#photos.values()];
  }

  /** Adds a photo; returns null if it is here already. @throws UnusableFile, QuotaExceededError */
  async add(name: string, file: Blob): Promise<Photo | null> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const id = (await hexDigest(bytes)).slice(0, ID_DIGITS);
    if (this.#photos.has(id)) return null;
    const bitmap = await decode(file, name);
    try {
      const { width, height } = bitmap;
      const square = legalSquare((await this.#guess(bitmap)) ?? centreSquare({ width, height }), { width, height });
      const photo = { id, name, width, height, square };
      await this.#keep(photo, bytes, cut(bitmap, square));
      return photo;
    } finally {
      bitmap.close();
    }
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

  /** Changes a photo's square. */
  async change(id: string, wanted: Square): Promise<Photo> {
    const before = this.#photos.get(id)!;
    const square = legalSquare(wanted, before);
    const after = { ...before, square };
    const bitmap = await decode((await this.#originals.file(id))!, before.name);
    await this.#cuts.write(cutName(after), cut(bitmap, square));
    bitmap.close();
    this.#note({ change: id, square });
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
    await this.change(photo.id, photo.square);
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
    else this.#photos.set(change.change, { ...this.#photos.get(change.change)!, square: change.square });
  }
}
