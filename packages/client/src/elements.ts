/** @module Registers <latent-dog> and <latent-morph>. On a server, where there are no elements, it does nothing. */
import { LatentDogElement } from './elements/latent-dog.ts';
import { LatentMorphElement } from './elements/latent-morph.ts';

export { LatentDogElement, LatentMorphElement };

if (globalThis.customElements) {
  for (const [name, element] of [
    ['latent-dog', LatentDogElement],
    ['latent-morph', LatentMorphElement],
  ] as const) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'latent-dog': LatentDogElement;
    'latent-morph': LatentMorphElement;
  }
}
