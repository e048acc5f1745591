/** @module What the custom elements have in common: a canvas, a placeholder, and no work before they are in view. */
import { GeneratorError } from '../generator-error.ts';
import type { Generator, Picture } from '../types.ts';
import { sharedGenerator } from './shared-generator.ts';

/** On a server there are no elements; importing this package must work there all the same. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** Begin a little before an element scrolls into view. */
const MARGIN = '200px';

/** Size and shape can be changed from outside: `latent-dog { width: 20rem; border-radius: 50% }`. */
const STYLE = `
:host { display: inline-block; position: relative; width: 128px; aspect-ratio: 1; overflow: hidden; background: #8883; }
:host([hidden]) { display: none; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; visibility: hidden; }
canvas.painted { visibility: visible; }
canvas.painted ~ slot { visibility: hidden; }
slot { display: grid; width: 100%; height: 100%; }
`;

/**
 * Shows its content, such as an <img>, until there is a picture, and if there never is one. `data-state` is "waiting",
 * "loading", "shown" or "failed". Fires `load` with the first picture and after each change, and `error` with an ErrorEvent.
 */
export abstract class PictureElement extends Base {
  #canvas: HTMLCanvasElement | undefined;
  #observer: IntersectionObserver | undefined;
  #isNear = false;
  #isDone = false;
  #work = new AbortController();
  #isScheduled = false;

  /** Shows what the attributes say; called again after they change. @throws the signal's reason */
  protected abstract present(generator: Generator, signal: AbortSignal): Promise<void>;
  /** For `aria-label`, unless the page sets one. */
  protected abstract readonly description: string;

  connectedCallback(): void {
    if (!this.#canvas) {
      const root = this.attachShadow({ mode: 'open' });
      const style = document.createElement('style');
      style.textContent = STYLE;
      this.#canvas = document.createElement('canvas');
      root.append(style, this.#canvas, document.createElement('slot'));
    }
    if (!this.hasAttribute('role')) this.setAttribute('role', 'img');
    this.#label();
    this.#setState('waiting');
    this.#observer = new IntersectionObserver((entries) => this.#see(entries.at(-1)!.isIntersecting), {
      rootMargin: MARGIN,
    });
    this.#observer.observe(this);
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect();
    this.#isNear = false;
    this.#work.abort();
  }

  attributeChangedCallback(): void {
    this.#isDone = false;
    if (!this.isConnected) return;
    this.#label();
    if (this.#isNear) this.#schedule();
  }

  /** An attribute as a number. @throws GeneratorError if it is none */
  protected number(name: string, otherwise: number): number {
    const text = this.getAttribute(name);
    if (text === null) return otherwise;
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    throw new GeneratorError('invalid-input', `<${this.localName} ${name}="${text}">: it must be a number.`);
  }

  /** An attribute. @throws GeneratorError if it is missing */
  protected text(name: string): string {
    const text = this.getAttribute(name);
    if (text !== null) return text;
    throw new GeneratorError('invalid-input', `<${this.localName}> needs the attribute ${name}.`);
  }

  protected show(picture: Picture): void {
    const canvas = this.#canvas!;
    if (canvas.width !== picture.width) canvas.width = picture.width;
    if (canvas.height !== picture.height) canvas.height = picture.height;
    canvas.getContext('2d')!.putImageData(picture as ImageData, 0, 0);
    canvas.classList.add('painted');
    if (this.dataset['state'] === 'shown') return;
    this.#setState('shown');
    this.dispatchEvent(new Event('load'));
  }

  #see(isNear: boolean): void {
    if (isNear === this.#isNear) return;
    this.#isNear = isNear;
    if (!isNear) this.#work.abort();
    else if (!this.#isDone) this.#schedule();
  }

  /** Several attributes may change at once. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.isConnected && this.#isNear) void this.#begin();
    });
  }

  async #begin(): Promise<void> {
    this.#work.abort();
    this.#work = new AbortController();
    const { signal } = this.#work;
    // The previous picture stays until the next one is there.
    this.#setState('loading');
    try {
      const generator = await sharedGenerator(this.text('model'));
      signal.throwIfAborted();
      await this.present(generator, signal);
      this.#isDone = true;
    } catch (error) {
      if (signal.aborted) return;
      // Another dog than its label says would be wrong.
      this.#canvas!.classList.remove('painted');
      this.#setState('failed');
      const message = error instanceof Error ? error.message : String(error);
      console.error(`<${this.localName}>: ${message}`);
      this.dispatchEvent(new ErrorEvent('error', { error, message }));
    }
  }

  #setState(state: 'waiting' | 'loading' | 'shown' | 'failed'): void {
    this.dataset['state'] = state;
    this.setAttribute('aria-busy', String(state === 'loading'));
  }

  #labelled: string | undefined;

  #label(): void {
    const label = this.getAttribute('aria-label');
    if (label !== null && label !== this.#labelled) return;
    this.#labelled = this.description;
    this.setAttribute('aria-label', this.#labelled);
  }
}
