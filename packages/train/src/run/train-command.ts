/** @module The command lines that train with a given config, or reproduce a run. */

import { grouped } from '@latent-dogs/command-line';
import { type Config, changedFromPreset, quoted, recordedNames, settingFlag } from '@latent-dogs/dcgan';
import type { RunRecord } from './run-record.ts';
import { stagesOf } from './stages.ts';

/**
 * `pnpm train` with the differences from the preset, except for the settings in `except`. With `--from`, the preset is named, because
 * otherwise the defaults are those of the source.
 */
export function trainCommand(config: Config, except: ReadonlySet<keyof Config> = new Set()): string {
  const options = [
    ...(config.data === null ? [] : [`--data ${quoted(config.data)}`]),
    ...(config.preset === 'dogs' && config.from === null ? [] : [`--preset ${config.preset}`]),
    ...changedFromPreset(config)
      .filter((key) => !except.has(key))
      .map((key) => settingFlag(config, key)),
  ];
  return ['pnpm train', ...options].join(' ');
}

/** Commands that reproduce a run, one per stage; a comment marks stages that were stopped early. */
export function trainCommands(
  record: Pick<RunRecord, 'config' | 'changes'>,
  except: ReadonlySet<keyof Config> = new Set(),
): string[] {
  const stages = stagesOf(record);
  return stages.map(({ config, until }, i) => {
    const before = stages[i - 1]?.config;
    const command = before ? resumeCommand(before, config) : trainCommand(config, except);
    return until === null ? command : `${command} # stopped after ${grouped(until)} images`;
  });
}

function resumeCommand(before: Config, after: Config): string {
  const keys = recordedNames.filter((key) => String(before[key]) !== String(after[key]));
  return ['pnpm train --resume latest', ...keys.map((key) => settingFlag(after, key))].join(' ');
}
