import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { bestFace, type LikelyFace, sigmoid } from './best-face.ts';
import { PICTURE } from './sizes.ts';
import { type Square, squareOf } from './square.ts';
import { type Part, type Picture, squash } from './squash.ts';
import type { Face } from './targets.ts';

export interface FoundFace extends Face {
  /** 0 to 1: how sure the network is. */
  readonly score: number;
}

/** Scores below this are no face: see `finderGraph`. */
const THRESHOLD = 0.5;

/** The second look is at a square of this many sides of the face that the first look found. */
const SURROUNDINGS = 1.8;

type Session = Awaited<ReturnType<Runtime['InferenceSession']['create']>>;

/** finder.onnx on an ONNX Runtime. */
export class FaceFinder {
  readonly #runtime: Runtime;
  readonly #session: Session;

  private constructor(runtime: Runtime, session: Session) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /**
   * @param runtime such as the module `onnxruntime-node` or `onnxruntime-web`.
   * @param model the bytes of finder.onnx.
   * @throws ONNX Runtime's own error if it cannot read the model.
   */
  static async create(runtime: Runtime, model: Uint8Array): Promise<FaceFinder> {
    // One thread: a run takes milliseconds, and photos are looked at in parallel.
    return new FaceFinder(runtime, await runtime.InferenceSession.create(model, { intraOpNumThreads: 1 }));
  }

  /**
   * The likeliest dog's face in an upright picture, as shares of the picture, however unlikely. A first look at the whole
   * picture finds the face, a second one at its surroundings measures it. The logit of the score is the mean of both.
   */
  async likeliest(picture: Picture): Promise<FoundFace> {
    const { width, height } = picture;
    const first = await this.#look(picture);
    const { x, y, side } = squareOf({ ...first, side: SURROUNDINGS * first.side }, width, height);
    const second = await this.#look(picture, { x, y, width: side, height: side });
    return {
      x: (x + second.x * side) / width,
      y: (y + second.y * side) / height,
      side: (second.side * side) / Math.sqrt(width * height),
      score: sigmoid((first.logit + second.logit) / 2),
    };
  }

  async #look(picture: Picture, part?: Part): Promise<LikelyFace> {
    const input = new this.#runtime.Tensor('uint8', squash(picture, part), [1, PICTURE, PICTURE, 3]);
    const { cells } = await this.#session.run({ picture: input });
    return bestFace(cells!.data as Float32Array);
  }

  /** The likeliest dog's face in an upright picture, as shares of the picture; null: none is likely enough. */
  async find(picture: Picture): Promise<FoundFace | null> {
    const face = await this.likeliest(picture);
    return face.score < THRESHOLD ? null : face;
  }

  /** As `find`, as the square of the picture to keep. */
  async findSquare(picture: Picture): Promise<(Square & { score: number }) | null> {
    const face = await this.find(picture);
    return face && { ...squareOf(face, picture.width, picture.height), score: face.score };
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}
