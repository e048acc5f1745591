/** @module <latent-morph from="anna" to="ben" model="/models/dogs-128/">: one dog turns into another. */
import { labelName } from '@latent-dogs/latent';
import type { Generator } from '../types.ts';
import { PictureElement } from './picture-element.ts';

/** Seconds from one dog to the other and back. */
const DURATION = 4;

/**
 * Attributes: `from`, `to`, `model`, `psi`, as of <latent-dog>. It plays once, there and back, in `duration` seconds (4);
 * with `loop` again and again. With `t` (0 to 1) it does not play and shows that place of the way. Visitors who want less
 * motion see the first dog. `paused` stops it; pages that let it loop should offer that (WCAG 2.2.2).
 */
export class LatentMorphElement extends PictureElement {
  static readonly observedAttributes = ['from', 'to', 'model', 'psi', 'duration', 'loop', 't', 'paused'];

  protected override get description(): string {
    const [from, to] = ['from', 'to'].map((end) => labelName(this.getAttribute(end) ?? ''));
    return `A generated dog, ${from}, that turns into ${to}`;
  }

  protected override async present(generator: Generator, signal: AbortSignal): Promise<void> {
    const at = generator.morph(this.text('from'), this.text('to'), { psi: this.number('psi', 1), signal });
    const duration = this.number('duration', DURATION) * 1000;
    const isStill =
      this.hasAttribute('t') ||
      this.hasAttribute('paused') ||
      duration <= 0 ||
      matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.show(await at(this.number('t', this.#t)));
    if (isStill) return;
    const began = (await frame(signal)) - this.#played * duration;
    do {
      // No frame comes while the page is hidden.
      const played = ((await frame(signal)) - began) / duration;
      this.#played = this.hasAttribute('loop') ? played % 1 : Math.min(played, 1);
      this.show(await at(this.#t));
    } while (this.#played < 1);
    this.#played = 0;
  }

  /** Share of the way there and back, so that it goes on where it was paused. */
  #played = 0;

  /** From 0 to 1 and back, slow at both ends. */
  get #t(): number {
    return (1 - Math.cos(2 * Math.PI * this.#played)) / 2;
  }
}

function frame(signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
