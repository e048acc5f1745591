/** @module An exported model on onnxruntime-node. */
import { GeneratorSession } from '@latent-dogs/client/runtime/generator-session';
import { type DogName, labelLatent, type ModelManifest, truncate } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import { type ModelFolder, readModelFolder } from './model-folder.ts';

export class ExportedModel {
  readonly manifest: ModelManifest;
  /** Path of the ONNX file. */
  readonly file: string;
  readonly #session: GeneratorSession;

  private constructor({ manifest, file }: ModelFolder, session: GeneratorSession) {
    this.manifest = manifest;
    this.file = file;
    this.#session = session;
  }

  /**
   * Reads and checks a model folder and loads its generator.
   *
   * @param options.threads threads of one `run`; by default all cores
   * @throws UserError naming what is missing or damaged
   */
  static async open(folder: string, { threads = 0 }: { threads?: number } = {}): Promise<ExportedModel> {
    const model = await readModelFolder(folder);
    return new ExportedModel(model, await GeneratorSession.open(runtime, model.onnx, { provider: 'cpu', threads }));
  }

  /**
   * G(z) as RGBA.
   *
   * @param z float32 [N, latent]
   * @returns uint8 [N, size, size, 4]
   */
  async run(z: Float32Array): Promise<Uint8Array> {
    return this.#session.run(z);
  }

  /**
   * The picture of a dog as RGBA, uint8 [size, size, 4]. Batches of one: the order of ONNX Runtime's sums may depend on
   * N, and a dog's picture must not depend on which others are made with it.
   *
   * @param dog unsigned 32-bit integer, or the label of a puppy
   * @param psi truncation, 0 to 2
   */
  async picture(dog: DogName, psi = 1): Promise<Uint8Array> {
    return this.run(truncate(labelLatent(String(dog), this.manifest.latentSize), psi));
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}
