// A browser in the locale C or POSIX says 'en-US@posix', which Intl refuses, and with it uPlot, before anything is drawn.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
