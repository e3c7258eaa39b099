"use strict";
// Asks every 15 seconds, while the page is looked at, whether anything that is shown has changed (ETag, 304). When the
// server has not answered for a minute the page says so and greys itself: an old green may not look like a new one.
(() => {
  const EVERY = 15_000, OLD_AFTER = 60_000, PATIENCE = 3_000, LARGEST = 300, PAGE = 60;
  const board = document.getElementById("board"), lost = document.getElementById("lost");
  const lostSince = document.getElementById("lost-since");
  let answered = Date.now(), patient = 0, shown = board.dataset.etag;

  const judge = () => {
    const now = Date.now(), old = now - answered > OLD_AFTER;
    board.classList.toggle("is-old", old);
    const silent = old && now > patient;
    if (silent && lost.hidden) {
      lostSince.textContent = `${lostSince.dataset.words} ${new Date(answered).toLocaleTimeString(document.documentElement.lang)}.`;
    }
    lost.hidden = !silent;
  };

  const ask = () => { if (!document.hidden) htmx.trigger(board, "renovar"); };

  document.addEventListener("htmx:configRequest", event => {
    const {elt, headers, parameters} = event.detail;
    for (const [name, value] of [...parameters.entries()]) if (value === "") delete parameters[name];
    const loaded = document.getElementById("cards").children.length;
    if (elt.id === "more" && loaded + PAGE > LARGEST) { // as many as may stand on one screen: on to the next page
      event.preventDefault();
      location.assign(elt.href);
    }
    if (elt !== board) return;
    // What is asked for stands in the page's address; with further pages at its end, as many cards as are there.
    const query = new URLSearchParams(location.search);
    if (board.dataset.pages) query.set("limite", String(Math.min(LARGEST, Math.max(PAGE, loaded))));
    event.detail.path = `${board.getAttribute("hx-get")}?${query}`;
    if (shown) headers["If-None-Match"] = shown;
  });

  document.addEventListener("htmx:afterRequest", event => {
    const {xhr, elt} = event.detail;
    if (xhr.status === 401) return location.reload(); // the session is over: the login, and back here
    if (xhr.status !== 304 && !(xhr.status >= 200 && xhr.status < 300)) return;
    answered = Date.now();
    if (xhr.status !== 304) shown = elt.id === "more" ? "" : xhr.getResponseHeader("ETag");
    judge();
  });

  setInterval(ask, EVERY);
  setInterval(judge, 1_000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    patient = Date.now() + PATIENCE;
    judge();
    ask();
  });
})();
