/** @module The most memory that this process was resident with. */
import { readFileSync } from 'node:fs';

/**
 * Bytes. On Linux not `resourceUsage().maxRSS`, which starts at the size of the parent process
 * (exec keeps the maximum of the process before it, https://man7.org/linux/man-pages/man2/getrusage.2.html).
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
}
