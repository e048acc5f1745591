/** Thrown when a photo cannot be read or decoded. That photo is left out and recorded; the others are used. */
export class SkippedPhoto extends Error {
  override name = 'SkippedPhoto';
  /** One of a small fixed set, so that skipped files can be counted by category. */
  readonly category: string;

  constructor(category: string, detail?: string) {
    super(detail ? `${category}: ${detail}` : category);
    this.category = category;
  }
}
