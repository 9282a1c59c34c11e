// Watches a page of Streamlit from its first moment: when somebody did something, when the page last
// heard from the server or changed. `attainIdle()` is the milliseconds from the start to the last change
// once the page is at rest, else null. At rest: the script is not running, every chart is drawn, and
// nothing was heard or changed for 100 ms (which do not count).
(() => {
  const QUIET = 100;
  const seen = { start: 0, sent: -1, heard: 0, changed: 0 };
  const now = () => performance.now();

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => { seen.heard = now(); });
    }
    send(data) {
      if (seen.sent < seen.start) seen.sent = now();
      super.send(data);
    }
  };

  new MutationObserver(() => { seen.changed = now(); })
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  // What counts as a start is the last key pressed: R runs the page again, Enter picks a value.
  window.addEventListener('keydown', () => { seen.start = now(); }, true);

  window.attainIdle = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testScriptState !== 'notRunning') return null;
    // A page does not know that it will run before the server says so.
    if (seen.sent < seen.start || seen.heard < seen.sent) return null;
    if (document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')) return null;
    const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
    if (!charts.every(chart => chart.querySelector('canvas, svg'))) return null;
    const last = Math.max(seen.changed, seen.heard);
    return now() - last < QUIET ? null : last - seen.start;
  };
})();
