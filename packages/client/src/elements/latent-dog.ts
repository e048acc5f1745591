/** @module <latent-dog seed="luna" model="/models/dogs-128/">: the picture of a seed. */
import { labelName } from '@latent-dogs/latent';
import type { Generator } from '../types.ts';
import { PictureElement } from './picture-element.ts';

/** Attributes: `seed` (or the label of a puppy), `model` (address of a model folder), `psi` (truncation, 0 to 2; default 1). */
export class LatentDogElement extends PictureElement {
  static readonly observedAttributes = ['seed', 'model', 'psi'];

  protected override get description(): string {
    return `A generated dog, ${labelName(this.getAttribute('seed') ?? '')}`;
  }

  protected override async present(generator: Generator, signal: AbortSignal): Promise<void> {
    const picture = await generator.generate(this.text('seed'), { psi: this.number('psi', 1), signal });
    this.show(picture);
  }
}
