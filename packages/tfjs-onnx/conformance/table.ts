import type { SpecResult } from './jasmine.ts';
export function conformanceTable(specs: readonly SpecResult[]): { markdown: string; summary: string } {
  const withCalls = specs.filter((s) => s.calls.length > 0);
  const failed = withCalls.filter((s) => s.status === 'failed');
  return {
    markdown: '',
    summary: `${specs.length} specs, ${withCalls.length} call a kernel, ${failed.length} of them fail`,
  };
}
