/** @module GET /generate.zip: several dogs as files of one archive. */

import { fileNameOf, labelName, type ModelManifest, type NamedDog } from '@latent-dogs/latent';
import { zipSync } from 'fflate';
import type { Handler } from 'hono';
import type { PictureQueries, ZipQuery } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { adjust, latentOf, shownLook } from './adjust.ts';
import { answerPicture } from './answer-picture.ts';
import { encodeDog } from './dog.ts';
import { extensionOf } from './picture-format.ts';

/** Pictures hardly become smaller by compression; the first date of the format: the same files give the same archive. */
const STORED = { level: 0, mtime: new Date(1980, 0, 1) } as const;

export function generateZipRoute(parts: ServerParts, schema: PictureQueries['generateZip']): Handler {
  const { manifest } = parts.generator;
  return (context) =>
    answerPicture(context, parts, schema, readQuery(schema, context.req.url), async (query, work, timing) => {
      const names = distinctNames(query.seeds, extensionOf(query.format));
      const pictures = query.seeds.map(async ({ seed }, index) => {
        const z = adjust(latentOf(seed, manifest), query, manifest);
        const data = await encodeDog(parts, z, query, { seed, ...shownLook(query) }, work, timing);
        return [names[index]!, data as Uint8Array] as const;
      });
      const files = [['dogs.json', describe(query, names, manifest)] as const, ...(await Promise.all(pictures))];
      return zipSync(Object.fromEntries(files), STORED) as Uint8Array<ArrayBuffer>;
    });
}

/** The contents of dogs.json: which dog and which model each file is of. */
function describe(query: ZipQuery, names: readonly string[], { name, generator }: ModelManifest): Uint8Array {
  const description = {
    model: { name, sha256: generator.sha256 },
    ...shownLook(query),
    size: query.size,
    dogs: query.seeds.map(({ label, seed }, index) => ({ file: names[index], name: label, seed })),
  };
  return new TextEncoder().encode(JSON.stringify(description, null, 2));
}

/** "dog-luna.png"; of names that a file system may take for the same, later ones are numbered. */
function distinctNames(seeds: readonly NamedDog[], extension: string): string[] {
  const taken = new Set<string>();
  return seeds.map(({ label }) => {
    const first = fileNameOf([labelName(label)]);
    let name = first;
    for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${first}-${next}`;
    taken.add(name.toLowerCase());
    return `${name}.${extension}`;
  });
}
