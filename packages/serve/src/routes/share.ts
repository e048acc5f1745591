/** @module GET /s/{dogs}: a page for sites that show previews of links; people are led on to the gallery. */

import type { ModelManifest } from '@latent-dogs/latent';
import type { Handler } from 'hono';
import { html } from 'hono/html';
import { BRIEF_CACHING } from '../http/caching.ts';
import { entityTag } from '../http/entity-tag.ts';
import { MOST_DISTANCE } from '../parameters/dials.ts';
import { findModel } from '../parameters/model-choice.ts';
import { gridColumns, MODEL_DIGITS, MOST_CORNERS, MOST_TRUNCATION } from '../parameters/queries.ts';
import type { AppParts, ServedModel } from '../server-parts.ts';
import { answerFixed } from './answer-fixed.ts';
import { galleryFragment, readSharedPicture, type SharedPicture } from './shared-picture.ts';

export const SHARE_PATH = '/s/';

const DESCRIPTION = 'Dogs that do not exist, made from names and numbers. Make yours.';

/** For dogs in the address of a picture; the rest of it has room in the 8,192 characters that a URL may have (app.ts). */
const MOST_CHARACTERS = 8000;

interface Preview {
  /** Path and query of the picture. */
  path: string;
  /** Pixels. */
  width: number;
  height: number;
}

/** The size of a dog in a grid of so many that stays within the limits of /grid. */
const gridSize = (dogs: number) => (dogs <= 4 ? 512 : dogs <= 9 ? 341 : 256);

/**
 * What the gallery shows: the place in a mix; one dog; two with the one half way between them; or all in a grid. With the
 * link's truncation and dials.
 */
function preview({ dogs, parameters }: SharedPicture, { generator, directions }: ModelManifest): Preview {
  const given = new URLSearchParams(parameters);
  const numbers = (name: string, least: number, most: number, otherwise: number) =>
    linkNumbers(given.getAll(name).at(-1), { least, most, otherwise });
  const [psi = 1] = numbers('psi', 0, MOST_TRUNCATION, 1);
  const dials = numbers('dials', -MOST_DISTANCE, MOST_DISTANCE, 0).slice(0, directions.length);
  const look = [
    ...(psi === 1 ? [] : [`truncation=${psi}`]),
    ...(dials.some((distance) => distance !== 0) ? [`dials=${dials}`] : []),
    // The digest lets everyone keep the picture for a year.
    `model=${generator.sha256.slice(0, MODEL_DIGITS)}`,
  ].join('&');
  const [first, second, ...more] = fitting(dogs.map((dog) => encodeURIComponent(dog)));
  const [x, y = 0.5] = numbers('mix', 0, 1, 0.5);
  if (x !== undefined && second !== undefined) {
    const corners = [first, second, ...more].slice(0, MOST_CORNERS);
    return { path: `/mix?dogs=${corners}&x=${x}&y=${y}&size=512&${look}`, width: 512, height: 512 };
  }
  if (second === undefined) return { path: `/generate?seed=${first}&size=512&${look}`, width: 512, height: 512 };
  if (more.length === 0) {
    const path = `/interpolate?from=${first}&to=${second}&format=strip&frames=3&size=340&${look}`;
    return { path, width: 3 * 340, height: 340 };
  }
  const shown = [first, second, ...more];
  const size = gridSize(shown.length);
  const columns = gridColumns(shown.length);
  const rows = Math.ceil(shown.length / columns);
  const path = `/grid?seeds=${shown}&size=${size}&${look}`;
  return { path, width: columns * size, height: rows * size };
}

/** As many dogs as the address of a picture holds: puppies of many generations can fill it. */
const fitting = (dogs: readonly string[]) =>
  dogs.filter((_, index) => dogs.slice(0, index + 1).join(',').length <= MOST_CHARACTERS);

/** Numbers as the gallery reads them from a link: clamped to the limits; anything else becomes `otherwise`. */
function linkNumbers(
  text: string | undefined,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number[] {
  if (!text) return [];
  return text.split(',').map((part) => {
    const value = Number(part);
    if (part === '' || !Number.isFinite(value)) return otherwise;
    // The gallery writes three decimals; more of them could be written with an exponent.
    return Number(Math.min(most, Math.max(least, value)).toFixed(6));
  });
}

function page(picture: SharedPicture, manifest: ModelManifest, address: URL) {
  const { path, width, height } = preview(picture, manifest);
  const title = `${picture.names.join(path.startsWith('/mix?') ? ' · ' : ' → ')} · Latent Dogs`;
  const image = new URL(path, address).href;
  const gallery = `/${galleryFragment(picture)}`;
  const card = width > 512 ? 'summary_large_image' : 'summary';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${DESCRIPTION}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Latent Dogs">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${DESCRIPTION}">
<meta property="og:url" content="${address.href}">
<meta property="og:image" content="${image}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${width}">
<meta property="og:image:height" content="${height}">
<meta property="og:image:alt" content="${title}">
<meta name="twitter:card" content="${card}">
<meta http-equiv="refresh" content="0; url=${gallery}">
</head>
<body>
<p><a href="${gallery}">${title}</a></p>
</body>
</html>`;
}

/** @param models the gallery's links name theirs as name~digits; for one that is not served the first stands in */
export function shareRoute(models: readonly ServedModel[], schemeOf: AppParts['schemeOf']): Handler {
  return async (context) => {
    const address = new URL(context.req.url);
    const scheme = schemeOf?.(context);
    if (scheme) address.protocol = scheme;
    const picture = readSharedPicture(address.pathname.slice(SHARE_PATH.length), address.searchParams);
    const [named = ''] = (address.searchParams.get('model') ?? '').split('~');
    const { generator } = findModel(models, named) ?? models[0]!;
    const body = String(page(picture, generator.manifest, address));
    const description = {
      tag: entityTag(body),
      mediaTypes: ['text/html; charset=utf-8'] as const,
      caching: BRIEF_CACHING,
    };
    return answerFixed(context, description, () => body);
  };
}
