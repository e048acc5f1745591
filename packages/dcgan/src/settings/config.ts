/** @module Validation of a whole config: from the command line, from `config.json`, or from a model's `model.json`. */
import * as v from 'valibot';
import { discriminatorLayers } from '../networks/network.ts';
import { isLegal, legalText, type Setting } from './setting.ts';
import {
  type Config,
  type RecordedSettings,
  recordedNames,
  type SettingName,
  settingNames,
  settings,
} from './settings.ts';

/** Two settings that contradict each other: what is wrong with `name`, and what is legal. */
interface Conflict {
  name: SettingName;
  message: string;
}

/** The first conflict between settings that are legal on their own; null if there is none. */
export function conflictIn(config: Config): Conflict | null {
  const { images, batch, decayImages, photoSize, size, ada, augment, holdOut, evaluateEvery, freezeD } = config;
  if (images < batch)
    return { name: 'images', message: `${images} is less than one batch; legal: ${batch} or more, or a smaller batch` };
  if (decayImages > images)
    return {
      name: 'decayImages',
      message: `${decayImages} is more than the ${images} images of the run; legal: 0 to ${images}`,
    };
  if (photoSize !== null && photoSize < size)
    return { name: 'photoSize', message: `${photoSize} is less than the size, ${size}; legal: ${size} to 1024` };
  const layers = discriminatorLayers(config);
  if (freezeD >= layers)
    return {
      name: 'freezeD',
      message: `${freezeD} leaves no layer of D to train: it has ${layers} at size ${size}; legal: 0 to ${layers - 1}`,
    };
  if (ada > 0 && augment.length === 0)
    return {
      name: 'ada',
      message: `${ada} needs an augmentation to control; legal: 0, or at least one augmentation`,
    };
  if (holdOut > 0 && evaluateEvery === 0)
    return {
      name: 'evaluateEvery',
      message: '0 leaves the held-out photos without a use; legal: 1 or more, or a run that holds out none',
    };
  return null;
}

/** Validates the value of a setting; fills in the default of runs older than the setting. */
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
    return missing ? `is missing; legal: ${legalText(settings[missing])}` : 'is not a setting';
  });

/** Renames settings and values of earlier versions. */
function migrated(json: unknown): unknown {
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

/** A `Config` as stored in `config.json` by this version or an earlier one. */
export const configSchema = v.pipe(
  v.unknown(),
  v.transform(migrated),
  schemaOf(settingNames()),
  v.transform((config) => config as Config),
  v.rawCheck(({ dataset, addIssue }) => {
    const conflict = dataset.typed ? conflictIn(dataset.value) : null;
    if (conflict) addIssue({ message: `${conflict.name}: ${conflict.message}` });
  }),
) as v.GenericSchema<unknown, Config>;

/** The values that settings had before a resume changed them. */
export const recordedSchema = v.pipe(
  v.unknown(),
  v.transform(migrated),
  schemaOf(recordedNames),
) as unknown as v.GenericSchema<unknown, RecordedSettings>;

/** A `Config` that was stored by this version or an earlier one; null if this version cannot read it. */
export function configFrom(json: unknown): Config | null {
  const result = v.safeParse(configSchema, json);
  return result.success ? result.output : null;
}
