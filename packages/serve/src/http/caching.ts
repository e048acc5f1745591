/** @module Values of `Cache-Control`. */

/** For pictures at URLs that do not name the model: the next model answers them differently. */
export const BRIEF_CACHING = 'public, max-age=300, must-revalidate';

/** For files and pages at fixed URLs. They change with the model or the version; asking again usually gives 304. */
export const REVALIDATED_CACHING = 'public, no-cache';

/** For URLs that contain a digest, so that their content never changes. */
export const PINNED_CACHING = 'public, max-age=31536000, immutable';
