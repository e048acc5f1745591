/** @module The options of `pnpm train`, derived from the table of settings. */
import { choice, count, list, number, text } from '@latent-dogs/command-line';
import { optionName, type Setting, type SettingName, settingNames, settings } from '@latent-dogs/dcgan';
import { Option } from 'commander';

/** The options of one setting: two for a switch, plus a hidden one for a former name. */
export function settingOptions(name: SettingName): Option[] {
  const setting: Setting<unknown> = settings[name];
  const options = named(optionName(name), setting);
  if (setting.formerly === undefined) return options;
  return [...options, ...named(optionName(setting.formerly), setting).map((option) => option.hideHelp())];
}

function named(name: string, { legal, help, helpOff, unit }: Setting<unknown>): Option[] {
  const flag = (placeholder: string) => `--${name} <${unit ?? placeholder}>`;
  switch (legal.type) {
    case 'number':
      return [legal.images ? count(flag('images'), legal, help) : number(flag('n'), legal, help)];
    case 'choice':
      return [choice(flag('name'), legal.words, help, legal.formerly)];
    case 'list':
      return [list(flag('list'), legal.words, help)];
    case 'switch':
      return [new Option(`--${name}`, help), new Option(`--no-${name}`, helpOff)];
    case 'path':
      return [text(flag('path'), help)];
  }
}

/** Renames parsed options that were given under a former name. */
export function withCurrentNames<Options extends object>(options: Options): Options {
  const given = { ...options } as Record<string, unknown>;
  for (const name of settingNames()) {
    const { formerly }: Setting<unknown> = settings[name];
    if (formerly === undefined || !(formerly in given)) continue;
    given[name] ??= given[formerly];
    delete given[formerly];
  }
  return given as Options;
}
