/** @module The sections of BENCHMARKS.md, each between two markers of its own. */
import { UserError } from '@latent-dogs/latent';

export interface Section {
  /** Markdown that begins with a line `## Title`. */
  text: string;
  /** Of what took part besides Node and ONNX Runtime. */
  versions: readonly string[];
}

const start = (name: string) => `<!-- pnpm bench ${name} -->`;
const end = (name: string) => `<!-- end of pnpm bench ${name} -->`;

/**
 * `page` with the section `name` replaced by `text`, or added: sections stand in the order of `names`, and a page without
 * sections keeps its text above them. All else stays as it is, byte for byte.
 *
 * @throws UserError if only one of the section's two markers is there, or one is there twice
 */
export function replaceSection(page: string, name: string, text: string, names: readonly string[]): string {
  const section = `${start(name)}\n${text.trim()}\n${end(name)}`;
  const found = locate(page, name);
  if (found) return page.slice(0, found.from) + section + page.slice(found.to);
  const later = names.slice(names.indexOf(name) + 1).map((other) => locate(page, other));
  const next = later.find((place) => place !== null);
  if (next) return `${page.slice(0, next.from)}${section}\n\n${page.slice(next.from)}`;
  return `${page.trimEnd()}\n\n${section}\n`;
}

function locate(page: string, name: string): { from: number; to: number } | null {
  const [opening, closing] = [page.split(start(name)), page.split(end(name))];
  if (opening.length === 1 && closing.length === 1) return null;
  const from = opening[0]!.length;
  const to = closing[0]!.length + end(name).length;
  if (opening.length !== 2 || closing.length !== 2 || to < from)
    throw new UserError(`BENCHMARKS.md: the markers '${start(name)}' and '${end(name)}' must each stand there once`);
  return { from, to };
}
