"use strict";
// A wall is not scrolled: what does not fit is told as a number. The clock shows that the picture is alive.
(() => {
  const clock = document.getElementById("clock");

  const fit = () => {
    const list = document.getElementById("cards");
    list.querySelector(".wall__more")?.remove();
    const cards = [...list.children];
    for (const card of cards) card.hidden = false;
    const total = Number(list.dataset.total), bottom = list.getBoundingClientRect().bottom + 1;
    const fits = cards.filter(card => card.getBoundingClientRect().bottom <= bottom).length;
    if (fits === cards.length && total <= cards.length) return;
    const more = document.createElement("li");
    more.className = "wall__more";
    const shown = Math.max(0, Math.min(fits, cards.length) - 1); // the last place is for the number of the others
    cards.forEach((card, number) => { card.hidden = number >= shown; });
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
