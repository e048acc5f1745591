/** @module The public types of the package. They import nothing, so that its declarations need no other package. */

/**
 * One dog: a seed (any text of 1 to 64 characters, or an unsigned 32-bit integer), a puppy of two dogs by the label that the
 * gallery gives it, such as "(Anna*Ben)3", or a point of the latent space.
 */
export type Dog = string | number | Float32Array;

/** RGBA pixels: an `ImageData` in browsers, an object of the same form elsewhere. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4] */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly colorSpace: 'srgb';
}

/** What computes the pictures: WebGPU, WebAssembly, or onnxruntime-node's native code. */
export type ProviderName = 'webgpu' | 'wasm' | 'native';

/** What model.json says, as far as this package uses it. */
export interface ModelDescription {
  readonly name: string;
  /** Width and height of a picture, pixels. */
  readonly size: number;
  /** Length of z. */
  readonly latentSize: number;
  /** The ONNX file. */
  readonly generator: {
    /** Path relative to model.json. */
    readonly file: string;
    /** Lowercase hexadecimal. */
    readonly sha256: string;
    readonly bytes: number;
  };
  /** Directions that `dial` and `dials` move along, the strongest first. */
  readonly directions: readonly {
    /** What a step along it changes, or null if nobody has named it. */
    readonly name: string | null;
    /** Unit vector, [latentSize]. */
    readonly vector: readonly number[];
    /** Standard deviation of z along it. */
    readonly deviation: number;
  }[];
}

/** A model that is already in memory: what `JSON.parse` made of model.json, and the ONNX file. */
export interface ModelFiles {
  readonly manifest: unknown;
  readonly generator: Uint8Array | ArrayBuffer;
}

export interface LoadOptions {
  /** Stops loading; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called while the ONNX file arrives, with bytes so far and in all. */
  readonly onProgress?: (received: number, bytes: number) => void;
  /**
   * What computes. By default the best that works: in browsers WebGPU, then WebAssembly; in Node onnxruntime-node if it is
   * installed, then WebAssembly; in Workers WebAssembly.
   */
  readonly provider?: ProviderName;
  /** Threads of one picture. Browsers have more than one only on isolated pages (COOP and COEP). Default: up to 4 there, 1 in Node. */
  readonly threads?: number;
  /**
   * Browsers: address of the folder with this package's files, such as '/assets/latent-dogs/'. Only for tools that do not
   * handle `new URL('./file', import.meta.url)`, such as esbuild.
   */
  readonly files?: string | URL;
}

export interface GenerateOptions {
  /** Truncation, 0 to 2: below 1 safer and less varied. Default: 1. */
  readonly psi?: number;
  /** Distances along directions of the model, in standard deviations, by the name or the index of the direction. */
  readonly dials?: Readonly<Record<string, number>>;
  /** Gives up the picture; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface Generator {
  readonly model: ModelDescription;
  /** What computes the pictures; it changes from 'webgpu' to 'wasm' if the graphics device is lost. */
  readonly provider: ProviderName;
  /** z of a dog before truncation, float32 [latentSize]. */
  latent(dog: Dog): Float32Array<ArrayBuffer>;
  /** The picture of a dog. */
  generate(dog: Dog, options?: GenerateOptions): Promise<Picture>;
  /** The way between two dogs: a function of t, from 0 (`from`) to 1 (`to`). */
  morph(from: Dog, to: Dog, options?: GenerateOptions): (t: number, options?: GenerateOptions) => Promise<Picture>;
  /**
   * A square with a dog at each corner (upper left, upper right, lower left, lower right): a function of the place in it,
   * 0 to 1 each. Of fewer dogs, the last one takes the remaining corners.
   */
  mix(
    dogs: readonly Dog[],
    options?: GenerateOptions,
  ): (place: { readonly x: number; readonly y: number }, options?: GenerateOptions) => Promise<Picture>;
  /** A dog along one direction, by its name or index: a function of the distance in standard deviations. */
  dial(
    dog: Dog,
    direction: string | number,
    options?: GenerateOptions,
  ): (distance: number, options?: GenerateOptions) => Promise<Picture>;
  /** Frees the model's memory. Pictures that are not finished reject with the code 'disposed'. */
  dispose(): Promise<void>;
}
