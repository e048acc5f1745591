/** @module What the app needs from a runtime. */

import type { Context, MiddlewareHandler } from 'hono';
import type { Generator } from './generator.ts';
import type { Codecs } from './picture/codecs.ts';
import type { Work } from './work/work.ts';

/** Cached answers by URL: the part of the Cache API that is used. */
export interface AnswerCache {
  match(url: string): Promise<Response | undefined>;
  /** Stores an answer in the background. */
  put(url: string, answer: Response): void;
}

/** A model that the server answers with. */
export interface ServedModel {
  readonly generator: Generator;
  /** The contents of the model's ONNX file. */
  readonly openModelFile: () => BodyInit | Promise<BodyInit>;
}

/** What the routes of one model need. */
export interface ServerParts extends ServedModel, SharedParts {}

/** What the whole app needs. */
export interface AppParts extends SharedParts {
  /** At least one; the first answers requests that name none. */
  readonly models: readonly ServedModel[];
}

/** Everything else that differs between Cloudflare's runtime and Node. */
interface SharedParts {
  readonly codecs: Codecs;
  /** Name of what computes the pictures, part of every entity tag: the same parameters give the same bytes on one runtime. */
  readonly runtime: string;
  /** Whether the server is about to end: /readyz then tells load balancers to send requests elsewhere. */
  readonly isEnding?: () => boolean;
  /** "https" or "http", if a proxy in front of the server knows it better than the URL of the request. */
  readonly schemeOf?: (context: Context) => 'https' | 'http' | undefined;
  /** Serves the gallery's files, for paths without a route. */
  readonly gallery?: MiddlewareHandler;
  /** Looked up before a picture is generated. */
  readonly cache?: AnswerCache;
  /**
   * Begins the work for a new picture that costs so many units (work/cost.ts); without it, steps run immediately.
   *
   * @throws Problem (429, 503) if it must not begin now
   */
  readonly beginWork?: (context: Context, cost: number) => Promise<Work>;
}
