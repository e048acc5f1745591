/** @module An exported model, checked and ready to run. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latentFromSeed, type ModelManifest, parseModelManifest, truncate, UserError } from '@latent-dogs/latent';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export class ExportedModel {
  readonly manifest: ModelManifest;
  readonly #session: InferenceSession;

  private constructor(manifest: ModelManifest, session: InferenceSession) {
    this.manifest = manifest;
    this.#session = session;
  }

  /** @throws UserError where there is no model, or where its file is not the one that model.json describes. */
  static async open(folder: string): Promise<ExportedModel> {
    const manifest = await readManifest(folder);
    const { file, sha256, bytes } = manifest.generator;
    const onnx = await readFile(join(folder, file)).catch((error: Error) => {
      throw new UserError(
        `${folder} is not a whole model: ${error.message}. Export it again: pnpm export --out ${folder}`,
      );
    });
    if (createHash('sha256').update(onnx).digest('hex') !== sha256) {
      throw new UserError(
        `${join(folder, file)} is damaged or of another model: it has ${onnx.length} bytes and not the SHA-256 that model.json ` +
          `gives for its ${bytes}. Export it again: pnpm export --out ${folder}`,
      );
    }
    return new ExportedModel(manifest, await InferenceSession.create(onnx, { executionProviders: ['cpu'] }));
  }

  /**
   * The picture of a seed as RGBA, uint8 [size, size, 4]. One z at a time: how ONNX Runtime adds up may depend on N,
   * and a seed's picture may not depend on which others were asked for.
   *
   * @param seed unsigned 32-bit integer
   * @param psi truncation, 0 to 1.5
   */
  async picture(seed: number, psi = 1): Promise<Uint8Array> {
    const { latentSize } = this.manifest;
    const z = truncate(latentFromSeed(seed, latentSize), psi);
    const { pixels } = await this.#session.run({ z: new Tensor('float32', z, [1, latentSize]) }, ['pixels']);
    return pixels!.data as Uint8Array;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** Reads and checks model.json. @throws UserError */
export async function readManifest(folder: string): Promise<ModelManifest> {
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch(() => {
    throw new UserError(`'${folder}' holds no model (no model.json); make one with pnpm train, then pnpm export`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `${join(folder, 'model.json')} is not JSON: ${(error as Error).message}. Export the model again: pnpm export`,
    );
  }
  return parseModelManifest(json);
}
