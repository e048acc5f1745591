/**
 * @module Import for its effect, before anything computes: switches V8's Maglev compiler off where it makes mistakes.
 * docs/decisions/0004 has the measurements. All commands import it with the rest of this package; the process of a trial and the tests import it alone.
 */
import v8 from 'node:v8';

/** Of V8. Wrong results were seen with 13.6 (Node 24) and 14.1 (Node 25), none with 14.6 (Node 26) and 12.4 (Node 22, without Maglev). */
const [MAJOR, MINOR] = [14, 6];

const [major, minor] = process.versions.v8.split('.').map(Number) as [number, number];
if (major < MAJOR || (major === MAJOR && minor < MINOR)) v8.setFlagsFromString('--no-maglev');
