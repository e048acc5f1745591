/** @module What a visitor typed, as the label of a dog. */
import { parseChild, parseSeed } from '@latent-dogs/latent';

export function isDog(label: string): boolean {
  const child = parseChild(label);
  if (child) return child.parents.every(isDog);
  try {
    parseSeed(label);
    return true;
  } catch {
    return false;
  }
}

/** Without outer spaces; null if it is empty or too long. */
export function dogOf(typed: string): string | null {
  const text = typed.trim().normalize('NFC');
  return isDog(text) ? text : null;
}
