"use strict";
// A wall is not scrolled: what does not fit is told as a number. The clock shows that the picture is alive.
(() => {
  const clock = document.getElementById("clock");

  const SIZES = [3, 2, 1]; // the largest in which all fit

  const fit = () => {
    const list = document.getElementById("cards");
    list.querySelector(".wall__more")?.remove();
    const cards = [...list.children], total = Number(list.dataset.total);
    for (const card of cards) card.hidden = false;
    for (const size of SIZES) {
      list.dataset.size = size;
      const bottom = list.getBoundingClientRect().bottom + 1;
      const fits = cards.filter(card => card.getBoundingClientRect().bottom <= bottom).length;
      if (fits === cards.length && total <= cards.length) return;
      if (size === SIZES.at(-1)) tellTheRest(list, cards, Math.max(0, fits - 1), total);
    }
  };

  // The last place is for the number of those without one.
  const tellTheRest = (list, cards, shown, total) => {
    cards.forEach((card, number) => { card.hidden = number >= shown; });
    const more = document.createElement("li");
    more.className = "wall__more";
    more.textContent = `+${(total - shown).toLocaleString(document.documentElement.lang)} ${list.dataset.more}`;
    list.append(more);
  };

  const tick = () => {
    clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang, {hour: "2-digit", minute: "2-digit"});
  };

  document.documentElement.classList.add("is-fitted");
  document.addEventListener("quadro", fit);
  addEventListener("resize", fit);
  document.fonts?.ready.then(fit);
  fit();
  tick();
  setInterval(tick, 1_000);
})();
