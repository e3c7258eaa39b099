"use strict";
// The board by keyboard. Keys of one letter can be switched off (WCAG 2.1.4): they may be in the way of dictation.
(() => {
  const dialog = document.getElementById("keys"), button = document.getElementById("show-keys");
  const search = document.querySelector("#busca input[type=search]");
  if (!dialog || !search) return;
  const OFF = "topbackup-teclas-desligadas", option = document.getElementById("keys-on");
  const stored = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  option.checked = !stored();
  option.addEventListener("change", () => {
    try { option.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* for this visit only */ }
  });
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());

  const links = () => [...document.querySelectorAll("#cards .card__link")];
  const current = () => document.activeElement?.closest?.(".card")?.querySelector(".card__link");
  const go = link => {
    if (!link) return;
    link.focus({preventScroll: true});
    link.closest(".card").scrollIntoView({block: "nearest"});
  };
  const step = by => {
    const all = links(), at = all.indexOf(current());
    go(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  const row = by => {
    const from = current().closest(".card").getBoundingClientRect();
    const distance = card => Math.abs(card.left - from.left);
    const boxes = links().map(link => [link, link.closest(".card").getBoundingClientRect()]);
    const tops = boxes.map(([, box]) => box.top).filter(top => by > 0 ? top > from.top + 1 : top < from.top - 1);
    if (!tops.length) return;
    const top = by > 0 ? Math.min(...tops) : Math.max(...tops);
    const there = boxes.filter(([, box]) => Math.abs(box.top - top) < 1);
    go(there.sort(([, one], [, other]) => distance(one) - distance(other))[0][0]);
  };
  const clear = () => {
    if (search.value === "") return search.blur();
    search.value = "";
    search.dispatchEvent(new Event("input", {bubbles: true}));
  };

  const letters = {
    "/": () => { search.focus(); search.select(); },
    "?": () => dialog.showModal(),
    j: () => step(1),
    k: () => step(-1),
  };
  const arrows = {ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => row(1), ArrowUp: () => row(-1)};

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open || event.defaultPrevented) return;
    const typing = event.target.matches?.("input, textarea, select");
    let act = null;
    if (event.key === "Escape") act = clear;
    else if (!typing && option.checked && Object.hasOwn(letters, event.key)) act = letters[event.key];
    else if (!typing && current() && Object.hasOwn(arrows, event.key)) act = arrows[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
