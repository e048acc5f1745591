/** @module Vite plugin: gives the page pictures of its first dogs, and links to it a picture. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { OPENING_META, type PageOpening } from '../src/opening/page-opening.ts';
import { findModels } from './model-folders.ts';
import { drawOpening, LINK_PICTURE } from './opening-sheet.ts';

const named = (name: string, content: Buffer, extension: string) =>
  `assets/${name}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}.${extension}`;

/** Metadata of a page, by `property` for Open Graph (ogp.me) and by `name` for the rest. */
const meta = (name: string, content: string): HtmlTagDescriptor => ({
  tag: 'meta',
  attrs: { [name.startsWith('og:') ? 'property' : 'name']: name, content },
  injectTo: 'head',
});

/**
 * @param folder the folder of models
 * @param site the address that the page will have; without it the picture's address is relative, which few sites that show
 *   previews of links understand
 */
export function opening(folder: string, site?: string): Plugin {
  let files: { fileName: string; source: Buffer }[] = [];
  let tags: HtmlTagDescriptor[] = [];
  return {
    name: 'latent-dogs:opening',
    apply: 'build',
    async buildStart() {
      const [newest] = await findModels(folder);
      if (!newest) return;
      const { name, sha256, opening: seeds = [] } = newest.entry;
      const { webp, linkPicture, ...sheet } = await drawOpening(join(folder, name));
      const sheetFile = named('opening', webp, 'webp');
      const pictureFile = named('link', linkPicture, 'jpg');
      files = [
        { fileName: sheetFile, source: webp },
        { fileName: pictureFile, source: linkPicture },
      ];
      const content: PageOpening = { model: name, sha256, seeds, sheet: { file: sheetFile, ...sheet } };
      const pictureAddress = site ? new URL(pictureFile, site.endsWith('/') ? site : `${site}/`).href : pictureFile;
      tags = [
        meta(OPENING_META, JSON.stringify(content)),
        {
          tag: 'link',
          attrs: { rel: 'preload', as: 'image', href: `./${sheetFile}`, fetchpriority: 'high' },
          injectTo: 'head',
        },
        meta('og:image', pictureAddress),
        meta('og:image:width', String(LINK_PICTURE.width)),
        meta('og:image:height', String(LINK_PICTURE.height)),
        ...(site ? [meta('og:url', site)] : []),
        meta('twitter:card', 'summary_large_image'),
      ];
    },
    transformIndexHtml: () => tags,
    generateBundle() {
      for (const { fileName, source } of files) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
