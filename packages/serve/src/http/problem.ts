/** @module Problem documents (RFC 9457), the answer to every error. */

/** One invalid parameter. */
export interface ParameterError {
  parameter: string;
  /** What is wrong and what is legal. */
  detail: string;
  /** Its legal values. */
  legal: string;
}

/** Kinds of problems; /docs explains each at its anchor. */
export const PROBLEMS = {
  'invalid-parameter': { status: 400, title: 'Invalid parameter' },
  'not-found': { status: 404, title: 'Not found' },
  'unknown-model': { status: 404, title: 'Unknown model' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'not-acceptable': { status: 406, title: 'Not acceptable' },
  'request-timeout': { status: 408, title: 'Request timeout' },
  'uri-too-long': { status: 414, title: 'URI too long' },
  'headers-too-large': { status: 431, title: 'Headers too large' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  overloaded: { status: 503, title: 'Overloaded' },
  'internal-error': { status: 500, title: 'Internal error' },
  'shutting-down': { status: 503, title: 'Shutting down' },
  'model-unavailable': { status: 503, title: 'Model unavailable' },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

/** Thrown by routes; the app answers with its document. */
export class Problem extends Error {
  override name = 'Problem';
  readonly kind: ProblemKind;
  readonly errors: readonly ParameterError[];
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail a sentence for the user */
  constructor(
    kind: ProblemKind,
    detail: string,
    { errors = [], headers = {} }: { errors?: readonly ParameterError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
  }

  /** The problem document. */
  get response(): Response {
    const { status, title } = PROBLEMS[this.kind];
    const document = {
      type: `/docs#${this.kind}`,
      title,
      status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
    };
    const headers = { 'Cache-Control': 'no-store', ...this.headers, 'Content-Type': 'application/problem+json' };
    return new Response(JSON.stringify(document), { status, headers });
  }
}

/** The first 40 characters of what a client sent: a problem document repeats no more of it. */
export function excerpt(text: string): string {
  const characters = [...text.slice(0, 200)];
  return characters.length <= 40 ? text : `${characters.slice(0, 40).join('')}…`;
}
