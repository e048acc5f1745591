/** @module Checking a whole config: from the command line, from `config.json`, or from a model's provenance. */
import * as v from 'valibot';
import { isLegal, legalText, type Setting } from './setting.ts';
import {
  type Config,
  type RecordedSettings,
  recordedNames,
  type SettingName,
  settingNames,
  settings,
} from './settings.ts';

/** Two settings that don't fit together: what is wrong with `name`, and what is legal. */
export interface Conflict {
  name: SettingName;
  message: string;
}

/** The first conflict between settings that are legal each for itself; null if there is none. */
export function conflictIn({ images, batch, decayImages, photoSize, size }: Config): Conflict | null {
  if (images < batch)
    return { name: 'images', message: `${images} is less than one batch; legal: ${batch} or more, or a smaller batch` };
  if (decayImages > images)
    return {
      name: 'decayImages',
      message: `${decayImages} is more than the ${images} images of the run; legal: 0 to ${images}`,
    };
  if (photoSize !== null && photoSize < size)
    return { name: 'photoSize', message: `${photoSize} is less than the size, ${size}; legal: ${size} to 1024` };
  return null;
}

/** Validates one value of a setting, filling in what older runs lack. */
function valueSchema(setting: Setting<unknown>): v.GenericSchema<unknown, unknown> {
  const schema = v.custom<unknown>(
    (value) => isLegal(setting, value),
    ({ input }) => `${JSON.stringify(input)} is not legal; legal: ${legalText(setting)}`,
  );
  return setting.absent === undefined ? schema : v.optional(schema, setting.absent as never);
}

const schemaOf = (names: readonly SettingName[]) =>
  v.strictObject(Object.fromEntries(names.map((name) => [name, valueSchema(settings[name])])), ({ expected }) => {
    const missing = names.find((name) => expected === `"${name}"`);
    return missing ? `it is missing; legal: ${legalText(settings[missing])}` : 'there is no such setting';
  });

/** Names and words of earlier versions, as they are now. */
function renewed(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const config: Record<string, unknown> = { ...json };
  for (const name of settingNames()) {
    const { formerly, legal }: Setting<unknown> = settings[name];
    if (formerly !== undefined && formerly in config) {
      config[name] ??= config[formerly];
      delete config[formerly];
    }
    const word = config[name];
    if (legal.type === 'choice' && typeof word === 'string') config[name] = legal.formerly[word] ?? word;
  }
  return config;
}

/** A `Config` as `config.json` has it, of this version or an earlier one. */
export const configSchema = v.pipe(
  v.unknown(),
  v.transform(renewed),
  schemaOf(settingNames()),
  v.transform((config) => config as Config),
  v.rawCheck(({ dataset, addIssue }) => {
    const conflict = dataset.typed ? conflictIn(dataset.value) : null;
    if (conflict) addIssue({ message: `${conflict.name}: ${conflict.message}` });
  }),
) as v.GenericSchema<unknown, Config>;

/** The settings that a resume changed, with the values that held before it. */
export const recordedSchema = v.pipe(
  v.unknown(),
  v.transform(renewed),
  schemaOf(recordedNames),
) as unknown as v.GenericSchema<unknown, RecordedSettings>;
