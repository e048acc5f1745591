// In the locale C or POSIX, a browser reports 'en-US@posix', which Intl rejects; uPlot would fail before drawing anything.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
