/** @module A dog that is dragged with the mouse, from the grid to another dog, a corner of the pad or the stage. */

const TYPE = 'text/plain';

export const startDrag = (event: DragEvent, label: string) => event.dataTransfer?.setData(TYPE, label);

/** Handlers of an element that dogs can be dropped on. */
export const dropTarget = (onDog: (label: string) => void) => ({
  onDragOver: (event: DragEvent) => event.preventDefault(),
  onDrop: (event: DragEvent) => {
    event.preventDefault();
    const label = event.dataTransfer?.getData(TYPE);
    if (label) onDog(label);
  },
});
