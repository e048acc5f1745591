/** @module GET /s/{dogs}: a page for sites that show previews of links; people are led on to the gallery. */

import type { ModelManifest } from '@latent-dogs/latent';
import type { Handler } from 'hono';
import { html } from 'hono/html';
import { BRIEF_CACHING } from '../http/caching.ts';
import { entityTag } from '../http/entity-tag.ts';
import { findModel } from '../parameters/model-choice.ts';
import { MODEL_DIGITS, MOST_TRUNCATION } from '../parameters/queries.ts';
import type { AppParts, ServedModel } from '../server-parts.ts';
import { answerFixed } from './answer-fixed.ts';
import { galleryFragment, readSharedPicture, type SharedPicture } from './shared-picture.ts';

export const SHARE_PATH = '/s/';

const DESCRIPTION = 'Dogs that do not exist, made from names and numbers. Make yours.';

interface Preview {
  /** Path and query of the picture. */
  path: string;
  /** Pixels. */
  width: number;
  height: number;
}

/** The size of a dog in a grid of so many that stays within the limits of /grid. */
const gridSize = (dogs: number) => (dogs <= 4 ? 512 : dogs <= 9 ? 341 : 256);

/** One dog; two with the one half way between them; or all in a grid. Of puppies their parents: pictures are made of seeds. */
function preview({ seeds, parameters }: SharedPicture, { generator }: ModelManifest): Preview {
  const psi = Number(new URLSearchParams(parameters).get('psi') ?? 1);
  const truncation = psi >= 0 && psi <= MOST_TRUNCATION && psi !== 1 ? `&truncation=${psi}` : '';
  // The digest lets everyone keep the picture for a year.
  const rest = `${truncation}&model=${generator.sha256.slice(0, MODEL_DIGITS)}`;
  const [first, second] = seeds;
  if (seeds.length === 1) return { path: `/generate?seed=${first}&size=512${rest}`, width: 512, height: 512 };
  if (seeds.length === 2) {
    const path = `/interpolate?from=${first}&to=${second}&format=strip&frames=3&size=340${rest}`;
    return { path, width: 3 * 340, height: 340 };
  }
  const size = gridSize(seeds.length);
  const columns = Math.ceil(Math.sqrt(seeds.length));
  const rows = Math.ceil(seeds.length / columns);
  return { path: `/grid?seeds=${seeds.join(',')}&size=${size}${rest}`, width: columns * size, height: rows * size };
}

function page(picture: SharedPicture, manifest: ModelManifest, address: URL) {
  const { path, width, height } = preview(picture, manifest);
  const title = `${picture.names.join(' → ')} · Latent Dogs`;
  const image = new URL(path, address).href;
  const gallery = `/${galleryFragment(picture)}`;
  const card = picture.seeds.length === 1 ? 'summary' : 'summary_large_image';
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
