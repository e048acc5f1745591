/**
 * @module Tells the gallery that this server has previews of links (routes/share.ts), which plain static hosts don't have.
 * It is a header of models/index.json, which the gallery reads first.
 */

export const INDEX_PATH = '/models/index.json';

export const LINK_PREVIEWS = { 'Link-Previews': '/s/' } as const;
