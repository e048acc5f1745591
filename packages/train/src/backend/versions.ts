/** @module Versions of Node and of the packages that training depends on. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

interface PackageJson {
  version?: string;
  dependencies?: Record<string, string>;
}

/** `{node: '24.21.0', sharp: '0.35.5', …}`, including the dependencies of workspace packages. */
export function versions(): Record<string, string> {
  const found = new Map<string, string>();
  collect(findPackageJSON(import.meta.url), found);
  return { node: process.versions.node, ...Object.fromEntries([...found].sort()) };
}

function collect(file: string | undefined, found: Map<string, string>): void {
  if (file === undefined) return;
  const { dependencies = {} } = readJson(file);
  for (const [name, range] of Object.entries(dependencies)) {
    const at = findPackageJSON(name, file);
    if (at === undefined || found.has(name)) continue;
    found.set(name, readJson(at).version ?? range);
    if (range.startsWith('workspace:')) collect(at, found);
  }
}

function readJson(file: string): PackageJson {
  return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
}
