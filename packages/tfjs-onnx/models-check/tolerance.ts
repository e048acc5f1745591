/** A model agrees if its file differs from it by less than this part of its output's range. */
export const TOLERANCE = 1e-4;
