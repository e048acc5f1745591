/** @module Networks with a pause after every step, in which the worker hears messages and shows pictures. */
import type { Networks, StepNumbers, StepValues } from '@latent-dogs/dcgan';
import type { NamedValues } from '@latent-dogs/tfjs-onnx';

type Sample = (z: Float32Array) => Promise<Float32Array>;

export class WatchedNetworks implements Networks {
  readonly #networks: Networks;
  readonly #afterStep: (sample: Sample) => Promise<void>;
  readonly #lost: Promise<never>;
  #isLost = false;

  /** @param lost rejects when what computes is lost; steps then fail, instead of waiting for it. */
  constructor(networks: Networks, afterStep: (sample: Sample) => Promise<void>, lost: Promise<never>) {
    this.#networks = networks;
    this.#afterStep = afterStep;
    this.#lost = lost;
    lost.catch(() => {
      this.#isLost = true;
    });
  }

  async step(values: StepValues, penalise: boolean): Promise<StepNumbers> {
    const numbers = await Promise.race([this.#networks.step(values, penalise), this.#lost]);
    await this.#afterStep((z) => this.sample(z));
    return numbers;
  }

  sample(z: Float32Array): Promise<Float32Array> {
    return Promise.race([this.#networks.sample(z), this.#lost]);
  }

  overfitting(values: StepValues): ReturnType<Networks['overfitting']> {
    return Promise.race([this.#networks.overfitting(values), this.#lost]);
  }

  read(): Promise<NamedValues> {
    return Promise.race([this.#networks.read(), this.#lost]);
  }

  write(values: NamedValues): void {
    this.#networks.write(values);
  }

  /** On a lost device a step may never end, and the networks cannot be disposed: what they held is lost with it. */
  async dispose(): Promise<void> {
    if (!this.#isLost) await this.#networks.dispose();
  }
}
