// Runs in the browser, inside report.html. While the run is being trained, the page loads itself again, at the same place.
(() => {
  const { running } = JSON.parse(document.getElementById('data').textContent);
  const PLACE = `place ${location.pathname}`;
  /** Seconds between two loads. */
  const EVERY = 20;
  /** After so many minutes without a new version the run has been killed. */
  const SILENT = 60;

  const restore = JSON.parse(sessionStorage.getItem(PLACE) ?? 'null');
  sessionStorage.removeItem(PLACE);
  if (restore) {
    history.scrollRestoration = 'manual';
    scrollTo(restore.x, restore.y);
    for (const [i, details] of document.querySelectorAll('details').entries()) details.open = restore.open[i] ?? false;
  }
  if (!running) return;

  function follow() {
    if (Date.now() - Date.parse(document.querySelector('.when time:last-of-type').dateTime) > SILENT * 60_000) return;
    // A page that nobody looks at, or that somebody copies from, waits.
    if (document.hidden || !getSelection().isCollapsed) return void setTimeout(follow, 1_000);
    const open = [...document.querySelectorAll('details')].map((details) => details.open);
    sessionStorage.setItem(PLACE, JSON.stringify({ x: scrollX, y: scrollY, open }));
    location.reload();
  }
  setTimeout(follow, EVERY * 1_000);
})();
