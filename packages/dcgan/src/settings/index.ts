/** @module The settings alone: without TensorFlow.js, for a page that only shows them. */
export { configFrom, conflictIn } from './config.ts';
export { grownConfig, grows } from './grown-config.ts';
export { presetConfig } from './presets.ts';
export { isLegal, legalText, type Setting } from './setting.ts';
export { type Config, type SettingName, settingNames, settings } from './settings.ts';
export { transferredSettings } from './transferred-settings.ts';
