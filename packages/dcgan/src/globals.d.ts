/** The one global beyond ECMAScript that this package uses; Node, browsers and workers have it. */
declare const performance: { now(): number };
