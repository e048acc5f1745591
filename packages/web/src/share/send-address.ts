/** @module The address to send to others. */
import { linkPreviews, model } from '../engine/engine.ts';
import { shareAddress } from '../state/page-state.ts';

/**
 * The address of exactly what the page shows. Where the server has previews of links, it is one that chats and social
 * networks show with a picture of the dogs: /s/luna,42?at=0.35 instead of #dogs=luna,42&at=0.35.
 */
export function sendAddress(): string {
  const address = shareAddress();
  if (linkPreviews.value === null || model.value?.local) return address;
  return withPreview(address, linkPreviews.value);
}

/** @param previews where the server has them, such as "/s/" */
export function withPreview(address: string, previews: string): string {
  const { hash, href } = new URL(address);
  const [dogs, ...rest] = hash.slice(1).split('&');
  if (!dogs?.startsWith('dogs=')) return address;
  const query = rest.length > 0 ? `?${rest.join('&')}` : '';
  return new URL(previews + dogs.slice('dogs='.length) + query, href).href;
}
