// Draws the charts of a page with uPlot, from the numbers that lie in it. Words, dates and the table
// are the server's; here is only the picture: patterns and dashes, so that it reads without colour.
"use strict";

(() => {
  const DASHES = [[], [9, 5], [2, 4], [12, 4, 2, 4], [5, 3], [1, 3]];
  const FONT = '"Fira Sans", system-ui, sans-serif';
  const PLENTY = 480; // px from which on lines are named at their ends
  const drawn = new Map(); // holder -> its chart

  // --- colours and patterns ----------------------------------------------------------------

  // What the style sheet says, as a colour a canvas understands, also for colours of one's own choice.
  function inks(holder) {
    const probe = document.createElement("span");
    probe.style.setProperty("forced-color-adjust", "none");
    probe.hidden = true;
    holder.append(probe);
    const read = (name) => {
      probe.style.color = `var(--chart-${name})`;
      return getComputedStyle(probe).color;
    };
    const found = { series: [1, 2, 3, 4, 5, 6].map(read) };
    for (const name of ["ink", "quiet", "line", "mark", "paper"]) { found[name] = read(name); }
    probe.remove();
    return found;
  }

  // A tile that repeats: 0 full, 1 stripes, 2 dots, 3 lines, 4 crossed, 5 empty but for its edge.
  function filling(style, ink, paper, ratio) {
    const kind = style % 6;
    if (kind === 0) { return ink; }
    if (kind === 5) { return paper; }
    const size = Math.round(8 * ratio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.fillStyle = paper;
    pen.fillRect(0, 0, size, size);
    pen.strokeStyle = pen.fillStyle = ink;
    pen.lineWidth = 2.5 * ratio;
    pen.beginPath();
    if (kind === 1 || kind === 4) {
      for (const at of [-size, 0, size]) { pen.moveTo(at, size); pen.lineTo(at + size, 0); }
    }
    if (kind === 4) {
      for (const at of [-size, 0, size]) { pen.moveTo(at, 0); pen.lineTo(at + size, size); }
    }
    if (kind === 3) { pen.moveTo(0, size / 2); pen.lineTo(size, size / 2); }
    pen.stroke();
    if (kind === 2) {
      pen.beginPath();
      pen.arc(size / 2, size / 2, size * 0.28, 0, 7);
      pen.fill();
    }
    return pen.createPattern(tile, "repeat");
  }

  // --- words -------------------------------------------------------------------------------

  function teller(data) {
    const number = new Intl.NumberFormat(data.lang, { maximumFractionDigits: 1 });
    const value = (series, index) => {
      if (series.texts.length) { return series.texts[index]; }
      const found = series.values[index];
      return found === null ? "–" : `${number.format(found)}${data.unit ? ` ${data.unit}` : ""}`;
    };
    return {
      number: (found) => number.format(found),
      at: (index) => {
        const alone = data.series.length === 1;
        const said = data.series.map((s) => (alone ? value(s, index) : `${s.name} ${value(s, index)}`));
        const marks = data.marks.filter((mark) => Math.floor(mark.place) === index);
        const also = marks.map((mark) => (mark.at ? `${mark.text} (${mark.at})` : mark.text));
        return `${data.points[index][1]}: ${[...said, ...also].join(", ")}`;
      },
    };
  }

  // --- the picture -------------------------------------------------------------------------

  // Heights at which the pieces of each bar begin and end.
  function pieces(data) {
    const floor = data.points.map(() => 0);
    return data.series.map((series) => series.values.map((value, index) => {
      if (data.kind !== "stacked") { return [0, value ?? 0]; }
      const low = floor[index];
      floor[index] = low + (value ?? 0);
      return [low, floor[index]];
    }));
  }

  function highest(data) {
    const bars = pieces(data).flat().map(([, high]) => high);
    const values = data.kind === "lines" ? data.series.flatMap((s) => s.values.map((v) => v ?? 0)) : bars;
    return Math.max(0, ...values, ...data.limits.map((limit) => limit.value));
  }

  function text(pen, words, x, y, colour, paper, ratio, align) {
    pen.textAlign = align;
    pen.lineJoin = "round";
    pen.lineWidth = 4 * ratio;
    pen.strokeStyle = paper;
    pen.strokeText(words, x, y);
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  }

  function drawBars(plot, data, ink, tell) {
    const pen = plot.ctx;
    const ratio = devicePixelRatio;
    const slot = plot.valToPos(1, "x", true) - plot.valToPos(0, "x", true);
    const side = data.kind === "bars" ? data.series.length : 1;
    const gap = slot > 6 * ratio ? 0.22 : 0.08;
    const wide = Math.min((slot * (1 - gap)) / side, 56 * ratio);
    const fills = data.series.map((s) => filling(s.style, ink.series[s.style % 6], ink.paper, ratio));
    const edge = slot > 8 * ratio ? Math.max(1, Math.round(ratio)) : 0;
    pen.save();
    pieces(data).forEach((column, order) => {
      const style = data.series[order].style;
      column.forEach(([low, high], index) => {
        if (high <= low) { return; }
        const left = plot.valToPos(index, "x", true) - (wide * side) / 2
          + (data.kind === "bars" ? order * wide : 0);
        const top = plot.valToPos(high, "y", true);
        const bottom = plot.valToPos(low, "y", true);
        const box = [Math.round(left), Math.round(Math.min(top, bottom - ratio)),
          Math.max(1, Math.round(wide)), Math.round(Math.max(bottom - top, ratio))];
        pen.fillStyle = fills[order];
        pen.fillRect(...box);
        if (edge && style % 6) {
          pen.lineWidth = edge;
          pen.strokeStyle = ink.series[style % 6];
          pen.strokeRect(box[0] + edge / 2, box[1] + edge / 2, box[2] - edge, Math.max(0, box[3] - edge));
        }
      });
    });
    if (side === 1) { sayTops(plot, data, ink, tell, slot); }
    pen.restore();
  }

  // The number above each bar, where there is room for all of them.
  function sayTops(plot, data, ink, tell, slot) {
    const pen = plot.ctx;
    const tops = data.points.map((_, index) => data.series.reduce(
      (sum, series) => (data.kind === "stacked" ? sum + (series.values[index] ?? 0) : series.values[index] ?? 0), 0));
    pen.font = `500 ${12 * devicePixelRatio}px ${FONT}`;
    pen.textBaseline = "bottom";
    const widest = Math.max(...tops.map((top) => pen.measureText(tell.number(top)).width));
    if (widest + 6 * devicePixelRatio > slot) { return; }
    tops.forEach((top, index) => {
      if (top > 0) {
        text(pen, tell.number(top), plot.valToPos(index, "x", true),
          plot.valToPos(top, "y", true) - 2 * devicePixelRatio, ink.ink, ink.paper, devicePixelRatio, "center");
      }
    });
  }

  // The name of a line at its end, moved apart where lines end close together.
  function nameLines(plot, data, ink) {
    const pen = plot.ctx;
    const ratio = devicePixelRatio;
    pen.save();
    pen.font = `500 ${12.5 * ratio}px ${FONT}`;
    pen.textBaseline = "middle";
    const ends = data.series.map((series) => {
      let last = series.values.length - 1;
      while (last >= 0 && series.values[last] === null) { last -= 1; }
      return { series, last, y: last < 0 ? 0 : plot.valToPos(series.values[last], "y", true) };
    }).filter((end) => end.last >= 0).sort((one, other) => one.y - other.y);
    let floor = -Infinity;
    for (const { series, y } of ends) {
      const at = Math.max(y, floor + 16 * ratio);
      floor = at;
      text(pen, series.name, plot.bbox.left + plot.bbox.width + 6 * ratio, at,
        ink.series[series.style % 6], ink.paper, ratio, "left");
    }
    pen.restore();
  }

  // Targets along, moments across; a moment's name finds a free row or becomes a number of the list.
  function drawMarks(plot, data, ink, rows) {
    const pen = plot.ctx;
    const ratio = devicePixelRatio;
    const { left, top, width, height } = plot.bbox;
    pen.save();
    pen.font = `500 ${12 * ratio}px ${FONT}`;
    for (const limit of data.limits) {
      const y = plot.valToPos(limit.value, "y", true);
      pen.setLineDash([6 * ratio, 4 * ratio]);
      pen.lineWidth = 1.5 * ratio;
      pen.strokeStyle = ink.mark;
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(left + width, y);
      pen.stroke();
      pen.setLineDash([]);
      pen.textBaseline = "bottom";
      text(pen, limit.text, left + 4 * ratio, y - 3 * ratio, ink.mark, ink.paper, ratio, "left");
    }
    const ends = Array(rows).fill(-Infinity);
    data.marks.forEach((mark, number) => {
      const x = Math.min(left + width, Math.max(left, plot.valToPos(mark.place - 0.5, "x", true)));
      let words = mark.text;
      let room = pen.measureText(words).width + 10 * ratio;
      let begin = Math.min(x, left + width - room);
      let row = ends.findIndex((end) => end <= begin);
      if (row < 0) {
        words = String(number + 1);
        room = pen.measureText(words).width + 8 * ratio;
        begin = x;
        row = Math.max(0, ends.findIndex((end) => end <= begin));
      }
      ends[row] = begin + room;
      const y = top - (row + 1) * 18 * ratio - 16 * ratio;
      pen.setLineDash([3 * ratio, 3 * ratio]);
      pen.lineWidth = 1.5 * ratio;
      pen.strokeStyle = ink.mark;
      pen.beginPath();
      pen.moveTo(x, y + 12 * ratio);
      pen.lineTo(x, top + height);
      pen.stroke();
      pen.setLineDash([]);
      pen.textBaseline = "top";
      text(pen, words, begin, y, ink.mark, ink.paper, ratio, "left");
    });
    pen.restore();
  }

  // Which points get their name below: as many as fit, at even distances.
  function chosen(data, width, pen) {
    pen.font = `12px ${FONT}`;
    const widest = Math.max(...data.points.map(([short]) => pen.measureText(short).width), 1) + 14;
    const fit = Math.max(1, Math.floor(width / widest));
    const every = Math.ceil(data.points.length / fit);
    const step = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 56].find((nice) => nice >= every) ?? every;
    return data.points.map((_, index) => index).filter((index) => index % step === 0);
  }

  function options(holder, data, ink, tell, width, height) {
    const lines = data.kind === "lines";
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `500 12.5px ${FONT}`;
    const named = lines && width >= PLENTY;
    const right = named
      ? Math.min(width / 3, Math.max(...data.series.map((s) => pen.measureText(s.name).width)) + 14) : 12;
    // The first name stands in the middle below its point; half of it must not run off the picture.
    pen.font = `12px ${FONT}`;
    const half = pen.measureText(data.points[0]?.[0] ?? "").width / 2;
    const left = Math.max(0, Math.ceil(half - 22 - (width - right - 22) / data.points.length / 2));
    const rows = Math.min(2, data.marks.length);
    const most = highest(data);
    const whole = data.series.every((s) => s.values.every((v) => v === null || Number.isInteger(v)));
    const axis = { stroke: ink.quiet, font: `12px ${FONT}`, labelFont: `12px ${FONT}` };
    return {
      width, height, legend: { show: false }, padding: [rows * 18 + 20, right, 0, left],
      scales: {
        x: { time: false, range: () => [-0.5, data.points.length - 0.5] },
        y: { range: () => [0, most > 0 ? most * 1.06 : 1] },
      },
      axes: [
        { ...axis, size: 30, gap: 6, grid: { show: false }, ticks: { stroke: ink.line, size: 4 },
          splits: () => chosen(data, width - right - 50, pen),
          values: (_, splits) => splits.map((index) => data.points[index]?.[0] ?? "") },
        { ...axis, gap: 6, grid: { stroke: ink.line, width: 1 }, ticks: { show: false }, space: 36,
          incrs: whole ? [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6] : undefined,
          size: (_, values) => 14 + Math.max(0, ...(values ?? []).map((v) => pen.measureText(v).width)),
          values: (_, splits) => splits.map((value) => tell.number(value)) },
      ],
      series: [{}, ...data.series.map((series) => ({
        label: series.name, stroke: ink.series[series.style % 6], width: 2.5, dash: DASHES[series.style % 6],
        spanGaps: false, points: { show: lines, size: 6, fill: series.style % 2 ? ink.paper : undefined },
        ...(lines ? {} : { paths: () => null, points: { show: false } }),
      }))],
      cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { show: false } },
      hooks: {
        drawAxes: [(plot) => { if (!lines) { drawBars(plot, data, ink, tell); } }],
        draw: [(plot) => { if (named) { nameLines(plot, data, ink); } drawMarks(plot, data, ink, rows); }],
        setCursor: [(plot) => read(holder, data, tell, plot.cursor.idx)],
      },
    };
  }

  // --- reading -----------------------------------------------------------------------------

  function read(holder, data, tell, index) {
    const line = holder.querySelector(".chart__reading");
    const known = index !== null && index !== undefined && index >= 0 && index < data.points.length;
    line.textContent = known ? tell.at(index) : holder.dataset.hint;
    line.classList.toggle("chart__reading--said", known);
  }

  function point(chart, index) {
    const { plot, data, holder } = chart;
    chart.index = Math.max(0, Math.min(data.points.length - 1, index));
    plot.setCursor({ left: plot.valToPos(chart.index, "x"), top: 0 });
    read(holder, data, chart.tell, chart.index);
    holder.setAttribute("aria-valuenow", String(chart.index + 1));
    holder.setAttribute("aria-valuetext", chart.tell.at(chart.index));
  }

  function key(chart, event) {
    const far = Math.max(2, Math.round(chart.data.points.length / 10));
    const last = chart.data.points.length - 1;
    const steps = {
      ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: far, PageDown: -far, Home: -Infinity, End: Infinity,
    };
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) { return; }
    event.preventDefault();
    point(chart, Math.max(0, Math.min(last, chart.index + steps[event.key])));
  }

  // A slider along the axis: known to every screen reader, and it says each value by itself.
  function readable(chart) {
    const { holder, data } = chart;
    const set = (name, value) => holder.setAttribute(name, value);
    set("role", "slider");
    set("tabindex", "0");
    set("aria-label", data.title);
    set("aria-orientation", "horizontal");
    set("aria-valuemin", "1");
    set("aria-valuemax", String(data.points.length));
    set("aria-valuenow", String(chart.index + 1));
    set("aria-valuetext", chart.tell.at(chart.index));
    const summary = `${holder.closest(".chart")?.id}-summary`;
    if (document.getElementById(summary)) { set("aria-describedby", summary); }
    holder.addEventListener("keydown", (event) => key(chart, event));
    holder.addEventListener("focus", () => { if (holder.matches(":focus-visible")) { point(chart, chart.index); } });
    holder.addEventListener("blur", () => { chart.plot.setCursor({ left: -10, top: -10 }); });
  }

  // --- life --------------------------------------------------------------------------------

  function keys(chart, ink) {
    const { list, data } = chart;
    if (!list) { return; }
    list.replaceChildren(...data.series.map((series) => {
      const item = document.createElement("li");
      const swatch = document.createElement("canvas");
      const ratio = devicePixelRatio;
      swatch.width = 28 * ratio;
      swatch.height = 14 * ratio;
      swatch.setAttribute("aria-hidden", "true");
      const pen = swatch.getContext("2d");
      const colour = ink.series[series.style % 6];
      if (data.kind === "lines") {
        pen.strokeStyle = colour;
        pen.lineWidth = 2.5 * ratio;
        pen.setLineDash(DASHES[series.style % 6].map((part) => part * ratio));
        pen.moveTo(0, 7 * ratio);
        pen.lineTo(28 * ratio, 7 * ratio);
        pen.stroke();
      } else {
        pen.fillStyle = filling(series.style, colour, ink.paper, ratio);
        pen.fillRect(0, 0, swatch.width, swatch.height);
        pen.strokeStyle = colour;
        pen.lineWidth = 2 * ratio;
        pen.strokeRect(0, 0, swatch.width, swatch.height);
      }
      item.append(swatch, series.name);
      return item;
    }));
  }

  function build(chart) {
    const { holder, room, data, tell } = chart;
    const width = Math.floor(room.clientWidth);
    if (width < 40) { return; }
    const high = parseFloat(getComputedStyle(room).height);
    const ink = inks(holder);
    chart.plot?.destroy();
    keys(chart, ink);
    const rows = [data.points.map((_, index) => index), ...data.series.map((series) => series.values)];
    chart.plot = new uPlot(options(holder, data, ink, tell, width, high), rows, room);
    chart.plot.root.setAttribute("aria-hidden", "true");
    chart.width = width;
  }

  function start(holder) {
    const data = JSON.parse(holder.dataset.chart);
    const chart = { holder, data, tell: teller(data), index: data.points.length - 1, plot: null, width: 0 };
    if (data.series.length > 1) {
      chart.list = document.createElement("ul");
      chart.list.className = "chart__keys";
      chart.list.setAttribute("aria-hidden", "true"); // the table's head says the same
      holder.append(chart.list);
    }
    chart.room = document.createElement("div");
    chart.room.className = "chart__room";
    const line = document.createElement("p");
    line.className = "chart__reading";
    line.setAttribute("aria-hidden", "true"); // the slider says it
    line.textContent = holder.dataset.hint;
    holder.append(chart.room, line);
    drawn.set(holder, chart);
    build(chart);
    readable(chart);
    new ResizeObserver(() => {
      if (Math.abs(chart.room.clientWidth - chart.width) > 1) { build(chart); }
    }).observe(chart.room);
  }

  function look() {
    for (const [holder, chart] of drawn) {
      if (!holder.isConnected) { chart.plot?.destroy(); drawn.delete(holder); }
    }
    for (const holder of document.querySelectorAll("[data-chart]")) {
      if (!drawn.has(holder)) { start(holder); }
    }
  }

  const again = () => { for (const chart of drawn.values()) { build(chart); } };
  const paper = (on) => {
    for (const holder of drawn.keys()) { holder.closest(".chart")?.classList.toggle("chart--paper", on); }
    again();
  };
  look();
  document.fonts?.ready.then(again);
  for (const media of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(media).addEventListener("change", again);
  }
  window.addEventListener("beforeprint", () => paper(true));
  window.addEventListener("afterprint", () => paper(false));
  // Parts of a page that are swapped bring new charts.
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
})();
