"use strict";
// Size and duration over time. The data stand in the page as JSON; colours come from the style sheet, so that the charts
// follow light and dark, and are light on paper. The table below them says the same in text.
(() => {
  const source = document.getElementById("graficos-dados"), drawing = document.getElementById("graficos-desenho");
  if (!source || !drawing || typeof Chart === "undefined") return;
  const runs = JSON.parse(source.textContent), words = drawing.dataset;
  const DAY = 86_400_000;
  const DASHES = [[], [6, 4], [2, 3], [10, 4, 2, 4]], POINTS = ["circle", "rect", "rectRot", "star"];
  const databases = [...new Set(runs.map((run) => run.banco))];

  // A custom property holds the words of light-dark(); only a used colour is one of the two.
  const probe = drawing.appendChild(document.createElement("span"));
  probe.hidden = true;
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };

  const UNITS = {
    bytes: {step: 1024, names: ["B", "KB", "MB", "GB", "TB"]},
    segundos: {step: 60, names: ["s", "min", "h"]},
  };
  const readable = (value, {step, names}) => {
    let place = 0;
    while (value >= step && place < names.length - 1) { value /= step; place += 1; }
    return `${value.toLocaleString(document.documentElement.lang, {maximumFractionDigits: 1})} ${names[place]}`;
  };
  // Steps that are round in the unit that is read: 1, 2 or 5 times a power of ten of it.
  const roundStep = (largest, {step, names}) => {
    let unit = 1, place = 0;
    while (largest / unit >= step && place < names.length - 1) { unit *= step; place += 1; }
    const rough = largest / unit / 4, ten = 10 ** Math.floor(Math.log10(rough || 1));
    return unit * ten * ([1, 2, 5].find((factor) => factor * ten >= rough) ?? 10);
  };

  const datasets = (field) => {
    const lines = databases.map((database, number) => ({
      label: database || words.nameless,
      data: runs.filter((run) => run.banco === database && !run.falhou && run[field] !== null)
        .map((run) => ({x: run.quando, y: run[field], run})),
      borderColor: colour("accent"), backgroundColor: colour("accent"), borderWidth: 2, borderDash: DASHES[number % 4],
      pointStyle: (at) => at.raw?.run.notas.length ? "triangle" : POINTS[number % 4],
      pointRadius: (at) => at.raw?.run.notas.length ? 6 : 2,
      pointBackgroundColor: (at) => colour(at.raw?.run.notas.length ? "verificar" : "accent"),
      pointBorderColor: (at) => colour(at.raw?.run.notas.length ? "verificar" : "accent"),
      pointHitRadius: 8,
    }));
    return [...lines, {
      label: words.failed, showLine: false, pointStyle: "crossRot", pointRadius: 6, pointBorderWidth: 2.5,
      borderColor: colour("falha"), backgroundColor: colour("falha"), pointHitRadius: 8, clip: false,
      data: runs.filter((run) => run.falhou).map((run) => ({x: run.quando, y: 0, run})),
    }];
  };

  const chart = (id, field, text) => new Chart(document.getElementById(id), {
    type: "line",
    data: {datasets: datasets(field)},
    options: {
      animation: false, maintainAspectRatio: false, normalized: true,
      scales: {
        x: {
          type: "linear", min: runs[0].quando - DAY / 2, max: runs.at(-1).quando + DAY / 2,
          grid: {display: false}, border: {color: colour("line")},
          ticks: {
            color: colour("soft"), maxRotation: 0, stepSize: DAY * Math.max(1, Math.ceil((runs.at(-1).quando - runs[0].quando) / DAY / 6)),
            callback: (value) => new Date(value).toLocaleDateString(document.documentElement.lang, {day: "2-digit", month: "2-digit"}),
          },
        },
        y: {
          beginAtZero: true, grid: {color: colour("line")}, border: {display: false},
          ticks: {
            color: colour("soft"), callback: (value) => readable(value, UNITS[field]),
            stepSize: roundStep(Math.max(1, ...runs.map((run) => run[field] ?? 0)), UNITS[field]),
          },
        },
      },
      plugins: {
        legend: {display: databases.length > 1, position: "bottom", labels: {color: colour("ink"), usePointStyle: true, boxHeight: 6}},
        tooltip: {
          callbacks: {
            title: (items) => items[0].raw.run.dia,
            label: (item) => [`${item.raw.run.situacao} · ${item.raw.run[text] || "—"}`, ...item.raw.run.notas],
          },
        },
      },
    },
  });

  let drawn = [];
  const draw = () => {
    for (const each of drawn) each.destroy();
    drawn = [chart("grafico-tamanho", "bytes", "tamanho"), chart("grafico-duracao", "segundos", "duracao")];
  };
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  const page = document.documentElement;
  let theme;
  addEventListener("beforeprint", () => { theme = page.dataset.theme; page.dataset.theme = "claro"; draw(); });
  addEventListener("afterprint", () => {
    if (theme === undefined) delete page.dataset.theme; else page.dataset.theme = theme;
    draw();
  });
})();
