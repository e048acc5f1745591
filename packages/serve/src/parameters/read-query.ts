/** @module Validates query strings and writes them in canonical form. */

import type { NamedDog } from '@latent-dogs/latent';
import * as v from 'valibot';
import { excerpt, type ParameterError, Problem } from '../http/problem.ts';

/** A query can contain thousands of invalid parameters; only the first few are reported. */
const MOST_ERRORS = 8;

/** Schema of a route's query, with its parameters by name. */
export type QuerySchema<Output> = v.GenericSchema<unknown, Output> & {
  readonly entries: Readonly<Record<string, v.GenericSchema>>;
};

/**
 * Validates a request's query.
 *
 * @throws Problem (400) naming every invalid parameter and its legal values
 */
export function readQuery<Output>(schema: QuerySchema<Output>, url: string): Output {
  const given: Record<string, string | string[]> = Object.create(null);
  const errors: ParameterError[] = [];
  for (const pair of new URL(url).search.slice(1).split('&')) {
    if (pair === '') continue;
    const [name, value] = decodePair(pair) ?? [];
    if (name === undefined || value === undefined) {
      errors.push(undecodable(pair));
      continue;
    }
    const earlier = given[name];
    given[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  if (errors.length > 0) throw invalid(errors);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(schema.entries, name));
  const result = v.safeParse(schema, given);
  if (result.success && unknown.length === 0) return result.output;
  throw invalid([
    ...unknown.map((name) => unknownParameter(schema, name)),
    ...(result.issues ?? []).map((issue) => parameterError(schema, issue)),
  ]);
}

function invalid(all: readonly ParameterError[]): Problem {
  const errors = all.slice(0, MOST_ERRORS);
  return new Problem('invalid-parameter', errors.map(({ detail }) => detail).join(' '), { errors });
}

/** Name and value; undefined if they are not UTF-8 in percent-encoding. `URLSearchParams` replaces what is not. */
function decodePair(pair: string): [string, string] | undefined {
  const [name, ...value] = pair.replaceAll('+', ' ').split('=') as [string, ...string[]];
  try {
    return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
  } catch {
    return undefined;
  }
}

function undecodable(pair: string): ParameterError {
  const parameter = excerpt(pair.split('=', 1)[0]!);
  const legal = 'UTF-8 with percent-encoding, in which % is %25';
  return { parameter, legal, detail: `${parameter} cannot be decoded: it must be ${legal}.` };
}

/** The query for entity tags and cache keys: all parameters, including defaults, in the schema's order. */
export function canonicalQuery(schema: QuerySchema<unknown>, query: object): string {
  const values = query as Record<string, unknown>;
  return Object.keys(schema.entries)
    .filter((name) => values[name] !== undefined)
    .map((name) => `${name}=${[values[name]].flat().map(plain).join(',')}`)
    .join('&');
}

/** A value as queries have it: numbers without an exponent, as they have at most 17 decimals, and dogs by their names. */
function plain(value: unknown): string {
  if (typeof value === 'object') return encodeURIComponent((value as NamedDog).label);
  if (typeof value === 'string') return encodeURIComponent(value);
  return String(value).includes('e') ? (value as number).toFixed(17) : String(value);
}

/** Such as "an integer from 64 to 512". */
function legalValues(parameter: v.GenericSchema): string {
  const inner =
    parameter.type === 'optional' ? (parameter as v.OptionalSchema<v.GenericSchema, unknown>).wrapped : parameter;
  return String(v.getMetadata(inner as Parameters<typeof v.getMetadata>[0]).legal);
}

function unknownParameter({ entries }: QuerySchema<unknown>, name: string): ParameterError {
  const parameter = excerpt(name);
  const legal = `one of ${Object.keys(entries).join(', ')}`;
  return { parameter, legal, detail: `Unknown parameter "${parameter}": it must be ${legal}.` };
}

function parameterError({ entries }: QuerySchema<unknown>, issue: v.BaseIssue<unknown>): ParameterError {
  const parameter = String(issue.path?.[0]?.key);
  const legal = legalValues(entries[parameter]!);
  return { parameter, legal, detail: describe(parameter, legal, issue) };
}

function describe(parameter: string, legal: string, { type, message, input }: v.BaseIssue<unknown>): string {
  if (type === 'object') return `${parameter} is missing: it must be ${legal}.`;
  if (type === 'string') return `${parameter} is ${message}: it must be ${legal}.`;
  if (message !== legal) return message.startsWith(parameter) ? message : `${parameter}: ${message}`;
  return `${parameter} "${excerpt(String(input))}" is invalid: it must be ${legal}.`;
}
