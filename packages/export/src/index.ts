/** @module Run folder -> model folder, and pictures by an exported model. */

export { type ExportOptions, type ExportResult, exportModel } from './export/export-model.ts';
export { parityBounds } from './export/parity.ts';
export { ExportedModel, readManifest } from './exported-model.ts';
export { newestModel } from './newest-model.ts';
