/** @module `config.json`: the settings, photos and versions of a run, enough to resume or export it. */
import { UserError } from '@latent-dogs/latent';
import * as v from 'valibot';
import { configSchema, recordedSchema } from '../settings/config.ts';
import type { Config, RecordedSettings } from '../settings/settings.ts';

export interface DatasetRecord {
  name: string;
  count: number;
  fingerprint: string;
}

/** The trained networks that a run started from. */
export interface SourceRecord {
  /** Name of the model or of the run folder. */
  name: string;
  /** SHA-256 of the file that held their weights, lowercase hexadecimal. */
  sha256: string;
  /** Images that they had seen. */
  imagesSeen: number;
}

/** A resume that changed settings; `before` holds the values up to that point. */
interface Change {
  imagesSeen: number;
  before: RecordedSettings;
}

export interface RunRecord {
  format: 1;
  /** When the run was created, ISO 8601. */
  created: string;
  config: Config;
  /** Resumes that changed settings, oldest first; `config` holds the current values. */
  changes?: Change[];
  dataset: DatasetRecord;
  /** Absent if the run started from random weights. */
  from?: SourceRecord;
  /** Versions of the runtime and of the packages that training depends on. */
  versions: Record<string, string>;
}

const recordSchema: v.GenericSchema<unknown, RunRecord> = v.object({
  format: v.literal(1),
  created: v.pipe(v.string(), v.isoTimestamp()),
  config: configSchema,
  changes: v.exactOptional(
    v.array(v.object({ imagesSeen: v.pipe(v.number(), v.integer(), v.minValue(1)), before: recordedSchema })),
  ),
  dataset: v.object({
    name: v.string(),
    count: v.pipe(v.number(), v.integer(), v.minValue(1)),
    fingerprint: v.string(),
  }),
  from: v.exactOptional(
    v.object({ name: v.string(), sha256: v.string(), imagesSeen: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  ),
  versions: v.record(v.string(), v.string()),
});

/** @throws {UserError} naming `file` and the setting that is wrong. */
export function parseRunRecord(json: unknown, file: string): RunRecord {
  const result = v.safeParse(recordSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new UserError(`${file}: ${v.getDotPath(issue) ?? 'file'}: ${issue.message}`);
}
