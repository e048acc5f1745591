/** @module Which files may be photos, by their names. */

/** What browsers can decode, some of them only on some systems. */
const IMAGES = /\.(jpe?g|png|webp|gif|avif|bmp|hei[cf]|tiff?|jfif)$/i;

export const isZip = (name: string): boolean => /\.zip$/i.test(name);

export const isImageName = (name: string): boolean => IMAGES.test(name);

/** Hidden files, and the copies of metadata that macOS puts into zips. */
export const isHidden = (path: string): boolean => path.split('/').some((part) => /^\.|^__MACOSX$/.test(part));
