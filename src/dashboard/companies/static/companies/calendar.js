"use strict";
// One stop of the Tab key for the whole calendar; the arrows go from day to day, along weeks and weekdays.
(() => {
  const list = document.getElementById("dias");
  if (!list) return;
  const days = [...list.querySelectorAll("a")];
  const narrow = matchMedia("(max-width: 48rem)");

  const choose = (day) => {
    for (const each of days) each.tabIndex = each === day ? 0 : -1;
  };
  choose(days.at(-1));

  list.addEventListener("focusin", (event) => choose(event.target));
  list.addEventListener("keydown", (event) => {
    const [along, across] = narrow.matches ? [1, 7] : [7, 1];
    const steps = {ArrowRight: along, ArrowLeft: -along, ArrowDown: across, ArrowUp: -across};
    const here = days.indexOf(document.activeElement);
    let there = null;
    if (event.key in steps) there = days[here + steps[event.key]];
    else if (event.key === "Home") there = days[0];
    else if (event.key === "End") there = days.at(-1);
    else return;
    event.preventDefault();
    there?.focus();
  });
})();
