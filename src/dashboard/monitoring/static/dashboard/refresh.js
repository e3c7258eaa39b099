"use strict";
// Fetches the counters and cards again every 15 seconds while the page is looked at. When the server has not answered
// for a minute the page says so and greys itself: an old green may not look like a new one.
(() => {
  const EVERY = 15_000, OLD_AFTER = 60_000;
  const board = document.getElementById("board"), lost = document.getElementById("lost");
  let answered = Date.now(), asking = false;

  const judge = () => {
    const old = Date.now() - answered > OLD_AFTER;
    lost.hidden = !old;
    board.classList.toggle("is-old", old);
  };

  const refresh = async () => {
    if (document.hidden || asking) return;
    asking = true;
    try {
      const answer = await fetch(board.dataset.fragment, {
        headers: {"X-Requested-With": "fetch"}, cache: "no-store", signal: AbortSignal.timeout(EVERY),
      });
      if (answer.status === 401) return location.reload();
      if (answer.ok) {
        const focused = board.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        board.innerHTML = await answer.text();
        if (focused !== null) board.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
        answered = Date.now();
      }
    } catch {
      // No answer: judge() tells it when it lasts.
    } finally {
      asking = false;
      judge();
    }
  };

  setInterval(refresh, EVERY);
  setInterval(judge, 1_000);
  document.addEventListener("visibilitychange", () => { judge(); refresh(); });
})();
