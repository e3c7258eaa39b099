"use strict";
// Puts a fragment into the board without touching what has not changed: a swap style for htmx ("quadro"; "anexar" for a
// further page). Every part carries the version of what it shows. Focus, scroll position and other cards stay.
(() => {
  const board = document.getElementById("board"), said = document.getElementById("said");

  const replaceParts = (fragment, ids, fresh) => {
    for (const id of ids) {
      const old = document.getElementById(id), part = fragment.querySelector(`#${id}`);
      if (!old || !part || old.dataset.version === part.dataset.version) continue;
      old.replaceWith(part);
      fresh.push(part);
    }
  };

  const mergeCards = (list, incoming, fresh) => {
    const wanted = new Map([...incoming.children].map(card => [card.id, card.dataset.version]));
    for (const card of [...list.children]) if (wanted.get(card.id) !== card.dataset.version) card.remove();
    let here = list.firstElementChild;
    for (const card of [...incoming.children]) {
      if (here?.id === card.id) { here = here.nextElementSibling; continue; }
      const kept = document.getElementById(card.id);
      list.insertBefore(kept ?? card, here);
      if (!kept) fresh.push(card);
    }
    for (const name of incoming.getAttributeNames()) list.setAttribute(name, incoming.getAttribute(name));
  };

  // The card that is looked at stays where it is on the screen, whatever comes or goes above it.
  const anchored = change => {
    const list = document.getElementById("cards");
    const focused = document.activeElement?.closest?.("#cards > li");
    const anchor = focused ?? [...list.children].find(card => card.getBoundingClientRect().bottom > 0);
    const before = anchor?.getBoundingClientRect().top;
    const scrolled = scrollY > 0;
    change(list);
    const now = anchor && document.getElementById(anchor.id);
    if (scrolled && now) scrollBy(0, now.getBoundingClientRect().top - before);
  };

  const quadro = fragment => {
    const fresh = [];
    delete board.dataset.pages;
    anchored(list => {
      replaceParts(fragment, ["going", "counters", "summary"], fresh);
      mergeCards(list, fragment.querySelector("#cards"), fresh);
      replaceParts(fragment, ["pager"], fresh);
    });
    return fresh;
  };

  const append = fragment => {
    const fresh = [], list = document.getElementById("cards");
    for (const card of [...fragment.querySelector("#cards").children]) {
      document.getElementById(card.id)?.remove(); // it has moved meanwhile: the newer word counts
      list.append(card);
      fresh.push(card);
    }
    replaceParts(fragment, ["pager"], fresh);
    board.dataset.pages = "more";
    fresh.find(card => card.matches(".card"))?.querySelector("a")?.focus({preventScroll: true});
    return fresh;
  };

  htmx.defineExtension("quadro", {
    isInlineSwap: style => style === "quadro" || style === "anexar",
    handleSwap: (style, _target, fragment) => {
      const swap = {quadro, anexar: append}[style];
      if (!swap) return false;
      const fresh = swap(fragment);
      tick();
      board.dispatchEvent(new CustomEvent("quadro", {bubbles: true}));
      return fresh;
    },
  });

  // A person who does not see the cards is told how many a search has found.
  document.addEventListener("htmx:afterSwap", event => {
    const by = event.detail.requestConfig?.elt;
    if (said && by && by !== board) said.textContent = document.querySelector(".summary__words")?.textContent ?? "";
  });

  // A new tab stays a new tab.
  document.addEventListener("click", event => {
    if ((event.ctrlKey || event.metaKey || event.shiftKey) && event.target.closest?.("a")) event.stopPropagation();
  }, true);

  const language = document.documentElement.lang;
  const inWords = new Intl.RelativeTimeFormat(language, {numeric: "always"});
  const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

  const ago = seconds => {
    const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? [];
    return unit ? inWords.format(-Math.floor(seconds / length), unit) : board.dataset.justNow;
  };
  const elapsed = seconds => {
    const minutes = Math.max(0, Math.floor(seconds / 60)), hours = Math.floor(minutes / 60);
    return hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
  };
  const say = (time, words) => { if (time.textContent !== words) time.textContent = words; };

  function tick() {
    const now = Date.now();
    for (const time of board.querySelectorAll("time[data-ago], time[data-elapsed]")) {
      const seconds = (now - Date.parse(time.dateTime)) / 1000;
      if ("elapsed" in time.dataset) say(time, elapsed(seconds));
      else if (seconds >= 0) say(time, ago(seconds));
    }
  }
  setInterval(() => { if (!document.hidden) tick(); }, 10_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
})();
