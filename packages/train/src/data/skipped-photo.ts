/** Thrown while one photo is read or decoded: that photo is left out and recorded, the others go on. */
export class SkippedPhoto extends Error {
  override name = 'SkippedPhoto';
  /** Few and fixed, so that skips can be counted by it. */
  readonly category: string;

  constructor(category: string, detail?: string) {
    super(detail ? `${category}: ${detail}` : category);
    this.category = category;
  }
}
