/**
 * @module Import for its effect, before anything that computes: V8 goes without its middle compiler where that one makes mistakes.
 * docs/decisions/0004 says which, and how often.
 */
import v8 from 'node:v8';

/** Of V8: seen wrong with 13.6 (Node 24) and 14.1 (Node 25), right with 14.6 (Node 26) and 12.4 (Node 22, where Maglev is off). */
const [MAJOR, MINOR] = [14, 6];

const [major, minor] = process.versions.v8.split('.').map(Number) as [number, number];
if (major < MAJOR || (major === MAJOR && minor < MINOR)) v8.setFlagsFromString('--no-maglev');
