/** @module Features of a user-supplied ONNX network, such as Inception for the published FID. */
import { basename } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { type Pictures, type Rows, range, rows } from '@latent-dogs/metrics';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

export interface NetworkOptions {
  file: string;
  /** H = W of the network's input in pixels; null: as its input declares. */
  size: number | null;
  /** Per channel: the input is (value - mean) / deviation, with values from 0 to 1. */
  mean: readonly number[];
  deviation: readonly number[];
  /** Name of the output; null: the only one. */
  output: string | null;
}

const BATCH = 16;

export class NetworkFeatures {
  /** The file's name without `.onnx`: the prefix of its metrics. */
  readonly name: string;
  readonly #session: InferenceSession;
  readonly #options: NetworkOptions;
  readonly #size: number;
  readonly #channelsFirst: boolean;
  readonly #batch: number;
  readonly #output: string;

  private constructor(session: InferenceSession, options: NetworkOptions) {
    this.name = basename(options.file).replace(/\.onnx$/i, '');
    this.#session = session;
    this.#options = options;
    const shape = imageShape(session, options.file);
    this.#channelsFirst = shape[1] === 3;
    this.#size = this.#chooseSize(this.#channelsFirst ? shape[2] : shape[1]);
    this.#batch = typeof shape[0] === 'number' && shape[0] > 0 ? shape[0] : BATCH;
    this.#output = this.#chooseOutput();
  }

  /** @throws UserError if the file is not an ONNX network of pictures. */
  static async open(options: NetworkOptions): Promise<NetworkFeatures> {
    const session = await InferenceSession.create(options.file, { executionProviders: ['cpu'] }).catch(
      (error: Error) => {
        throw new UserError(
          `--features: '${options.file}' is not an ONNX network that runs here (${error.message.split('\n')[0]})`,
        );
      },
    );
    return new NetworkFeatures(session, options);
  }

  #chooseSize(declared: number | string | undefined): number {
    const { size, file } = this.#options;
    const fixed = typeof declared === 'number' && declared > 0 ? declared : null;
    if (size !== null && fixed !== null && size !== fixed)
      throw new UserError(`--features-size: ${file} takes ${fixed}x${fixed} pixels, not ${size}x${size}`);
    const chosen = size ?? fixed;
    if (chosen === null)
      throw new UserError(`--features-size: ${file} takes pictures of any size; give one, such as 299`);
    return chosen;
  }

  #chooseOutput(): string {
    const { output, file } = this.#options;
    const names = this.#session.outputNames;
    if (output === null && names.length === 1) return names[0]!;
    if (output !== null && names.includes(output)) return output;
    const problem = output === null ? `${file} has several outputs` : `${file} has no output '${output}'`;
    throw new UserError(`--features-output: ${problem}; name one of ${names.join(', ')}`);
  }

  /** Features [N, D]. A feature map [N, C, H, W] is averaged over H and W. @throws UserError if the network does not run. */
  async of(all: Pictures): Promise<Rows> {
    const blocks: Float32Array[] = [];
    for (let from = 0; from < all.count; from += this.#batch) {
      const batch = range(all, from, Math.min(from + this.#batch, all.count));
      blocks.push(await this.#run(batch));
    }
    const length = blocks.reduce((sum, block) => sum + block.length, 0) / all.count;
    const features = new Float32Array(all.count * length);
    let at = 0;
    for (const block of blocks) {
      features.set(block, at);
      at += block.length;
    }
    return rows(features, length);
  }

  async #run(batch: Pictures): Promise<Float32Array> {
    const [S, N] = [this.#size, this.#batch];
    const x = new Float32Array(N * 3 * S * S);
    for (let i = 0; i < batch.count; i++) await this.#prepare(range(batch, i, i + 1), x.subarray(i * 3 * S * S));
    const shape = this.#channelsFirst ? [N, 3, S, S] : [N, S, S, 3];
    const results = await this.#session
      .run({ [this.#session.inputNames[0]!]: new Tensor('float32', x, shape) }, [this.#output])
      .catch((error: Error) => {
        throw new UserError(
          `--features: ${this.#options.file} does not run on ${S}x${S} pictures (${error.message.split('\n')[0]})`,
        );
      });
    return this.#pooled(results[this.#output]!, batch.count);
  }

  async #prepare({ size, pixels }: Pictures, out: Float32Array): Promise<void> {
    const { mean, deviation } = this.#options;
    const area = this.#size ** 2;
    const resized = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .resize(this.#size, this.#size, { kernel: 'cubic' })
      .raw()
      .toBuffer();
    for (let i = 0; i < 3 * area; i++) {
      const channel = i % 3;
      const value = (resized[i]! / 255 - mean[channel]!) / deviation[channel]!;
      out[this.#channelsFirst ? channel * area + (i - channel) / 3 : i] = value;
    }
  }

  #pooled({ data, dims }: Tensor, count: number): Float32Array {
    if (!(data instanceof Float32Array) || dims.length < 2)
      throw new UserError(
        `--features-output: '${this.#output}' of ${this.#options.file} is not float32 [N, D] or [N, C, H, W]`,
      );
    const perPicture = data.length / dims[0]!;
    const positions = dims.length === 4 ? dims[2]! * dims[3]! : 1;
    const features = new Float32Array((count * perPicture) / positions);
    for (let i = 0; i < count * perPicture; i++) features[Math.floor(i / positions)]! += data[i]! / positions;
    return features;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

function imageShape(session: InferenceSession, file: string): readonly (number | string)[] {
  const [input, ...others] = session.inputMetadata;
  const shape = input?.isTensor && input.type === 'float32' ? input.shape : [];
  if (others.length > 0 || shape.length !== 4 || !(shape[1] === 3 || shape[3] === 3)) {
    throw new UserError(
      `--features: ${file} does not have one input of float32 pictures, [N, 3, H, W] or [N, H, W, 3]; it has ` +
        session.inputMetadata
          .map((one) => `${one.name}${one.isTensor ? ` ${one.type} [${one.shape}]` : ''}`)
          .join(', '),
    );
  }
  return shape;
}
