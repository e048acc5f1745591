/** @module What a runtime hands to the app. */

import type { MiddlewareHandler } from 'hono';
import type { Generator } from './generator.ts';
import type { Codecs } from './picture/codecs.ts';

/** Answers by URL; the Cache API's shape, cut down to what is used. */
export interface AnswerCache {
  match(url: string): Promise<Response | undefined>;
  /** Stores in the background. */
  put(url: string, answer: Response): void;
}

/** Everything that differs between Cloudflare's runtime and Node. */
export interface ServerParts {
  readonly generator: Generator;
  readonly codecs: Codecs;
  /** The contents of the model's ONNX file. */
  readonly openModelFile: () => BodyInit | Promise<BodyInit>;
  /** Answers what no route does: the gallery's files. */
  readonly gallery?: MiddlewareHandler;
  /** Asked before a picture is made. */
  readonly cache?: AnswerCache;
  /** Whether the sender of a request may have another picture made now. */
  readonly allow?: (request: Request) => Promise<boolean>;
}
