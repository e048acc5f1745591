/** @module What goes into the network and what comes out, apart from the network itself: who only runs finder.onnx needs no TensorFlow.js. */

/** Height and width of the pictures that the network sees. */
export const PICTURE = 128;
/** Height and width of the network's output, in cells. */
export const GRID = 8;
/** Numbers per cell: logit, dx, dy, log side. See `faceNetwork`. */
export const CELL = 4;
