/** @module A tab of any browser, reduced to what the three that we test have in common. */

/** CSS pixels from the top left corner of the window's content. */
export interface Point {
  x: number;
  y: number;
}

export interface Tab {
  /** Opens an address. Resolves when the page is loaded. */
  goTo(address: string): Promise<void>;
  /**
   * Evaluates a JavaScript expression in the page, and waits if it is a promise.
   * @returns its value, which JSON can hold
   * @throws Error if the expression throws
   */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Presses and releases the main mouse button, as a visitor does. */
  clickAt(point: Point): Promise<void>;
  /** Presses the key of each character. */
  type(text: string): Promise<void>;
}

/** A browser that runs, with one tab. */
export interface OpenBrowser {
  tab: Tab;
  close(): Promise<void>;
}
