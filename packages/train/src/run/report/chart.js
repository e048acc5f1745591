// Runs in the browser, after uPlot: charts over images seen, redrawn when the page switches between dark and light.
globalThis.chartKit = (() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const grouped = (value) => value.toLocaleString('en-US');
  const known = (value) => value !== null && value !== undefined;

  const short = (value) => {
    if (!known(value)) return '–';
    return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
  };

  const images = (value) => {
    if (value >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
    return value >= 1e3 ? `${Number((value / 1e3).toPrecision(4))}k` : String(value);
  };

  /** The range of a chart without rare extreme values, which would flatten the rest; the logarithmic scale shows them. */
  function usualRange(chart) {
    const among = (values, share) => {
      const sorted = values.filter(known).sort((a, b) => a - b);
      return sorted[Math.round(share * (sorted.length - 1))];
    };
    const mean = chart.lines.flatMap((line) => line.mean);
    const least = chart.lines.map((line) => among(line.min ?? line.mean, 0.1)).filter(known);
    const most = chart.lines.map((line) => among(line.max ?? line.mean, 0.9)).filter(known);
    const low = Math.min(among(mean, 0.005), ...least);
    const high = Math.max(among(mean, 0.995), ...most);
    const margin = (high - low || Math.abs(high) || 1) * 0.08;
    return [chart.fromZero || (chart.logarithm && low >= 0) ? 0 : low - margin, high + margin];
  }

  /** Rounds outwards to one digit: uPlot would round to the next power of ten. Ticks count up from the minimum. */
  function logarithmicRange(low, high) {
    if (!(low > 0)) return [1, 10];
    const unit = (value) => 10 ** Math.floor(Math.log10(value));
    const least = Math.floor(low / unit(low)) * unit(low);
    const most = Math.ceil(high / unit(high)) * unit(high);
    return [least, most > least ? most : 2 * least];
  }

  /**
   * If a line has no value at the cursor, the legend shows its nearest value: runs are logged at different x. Before the first
   * and after the last value, only within this share of the axis.
   */
  const END = 0.02;
  function nearestIndex(plot, series, index) {
    const values = plot.data[series];
    if (index === null || values[index] !== undefined) return index;
    const [x, at] = [plot.data[0], plot.data[0][index]];
    let [left, right] = [index, index];
    while (left >= 0 && values[left] === undefined) left--;
    while (right < x.length && values[right] === undefined) right++;
    if (left >= 0 && right < x.length) return at - x[left] <= x[right] - at ? left : right;
    const end = left >= 0 ? left : right;
    return end < x.length && Math.abs(x[end] - at) <= END * (x.at(-1) - x[0]) ? end : index;
  }

  function draw(chart, box, logarithm, markers) {
    const lift = (values) =>
      logarithm ? values.map((value) => (known(value) ? Math.max(value, 1e-8) : value)) : values;
    // Without a cursor the legend shows the last values.
    const last = (values) => values.findLast(known);
    const shown = (format) => (plot, value, i, index) => format(index === null ? last(plot.data[i]) : value);
    const series = [{ label: 'images', value: shown((value) => (known(value) ? grouped(value) : '–')) }];
    const data = [chart.x];
    const bands = [];
    for (const line of chart.lines) {
      const stroke = color(line.tint);
      const n = data.length;
      data.push(lift(line.mean));
      // A single value has no line.
      const single = line.mean.filter(known).length === 1;
      const points = { show: Boolean(line.dots) || single, size: 6, fill: stroke };
      const { label, dash = [], width = 1.5 } = line;
      series.push({ label, stroke, width, dash, points, value: shown(short) });
      if (!line.min) continue;
      data.push(lift(line.max), lift(line.min));
      const edge = { stroke: 'transparent', points: { show: false }, class: 'edge' };
      series.push({ ...edge, label: `${label} max` }, { ...edge, label: `${label} min` });
      bands.push({ series: [n + 1, n + 2], fill: `${stroke}38` });
    }
    const axis = {
      stroke: color('faint'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: color('line'), width: 1 },
      ticks: { show: false },
    };
    return new uPlot(
      {
        width: box.clientWidth,
        height: 240,
        series,
        bands,
        axes: [
          { ...axis, grid: { show: false }, size: 34, space: 70, values: (_, ticks) => ticks.map(images) },
          { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : short(tick))) },
        ],
        scales: {
          x: { time: false },
          y: logarithm
            ? { distr: 3, range: (_, low, high) => logarithmicRange(low, high) }
            : { range: (_, low, high) => chart.range ?? chart.usual ?? [low, high] },
        },
        legend: { markers: { dash: (plot, i) => (plot.series[i].dash?.length > 0 ? 'dashed' : 'solid') } },
        cursor: { sync: { key: 'run' }, y: false, drag: { x: true, y: false }, dataIdx: nearestIndex },
        hooks: { draw: [(plot) => drawMarkers(plot, markers)] },
      },
      data,
      box,
    );
  }

  function drawMarkers(plot, markers) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const { imagesSeen, kind } of markers) {
      const x = Math.round(plot.valToPos(imagesSeen, 'x', true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = color(kind);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  /**
   * Adds a figure to `place` for each chart with values; returns false if there is none.
   * A chart: { title, x, lines: [{ label, tint, mean, min?, max?, dots?, dash?, width? }], range?, fromZero?, logarithm? };
   * `logarithm: true` offers a logarithmic scale, 'first' starts with it. A marker: { imagesSeen, kind }.
   */
  function mount(place, charts, markers = []) {
    const redraws = [];
    for (const chart of charts) {
      if (chart.lines.every((line) => !line.mean.some(known))) continue;
      chart.usual = usualRange(chart);
      const figure = place.appendChild(document.createElement('figure'));
      const caption = figure.appendChild(document.createElement('figcaption'));
      caption.textContent = chart.title;
      const box = figure.appendChild(document.createElement('div'));
      let toggle = null;
      if (chart.logarithm && chart.lines.every((line) => !(line.min ?? line.mean).some((value) => value < 0))) {
        const label = caption.appendChild(document.createElement('label'));
        toggle = label.appendChild(document.createElement('input'));
        toggle.type = 'checkbox';
        toggle.checked = chart.logarithm === 'first';
        label.append('logarithmic');
      }
      let plot = null;
      const redraw = () => {
        plot?.destroy();
        plot = draw(chart, box, toggle?.checked ?? false, markers);
      };
      toggle?.addEventListener('change', redraw);
      redraws.push(redraw);
      redraw();
      new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 240 })).observe(box);
    }
    dark.addEventListener('change', () => {
      for (const redraw of redraws) redraw();
    });
    return redraws.length > 0;
  }

  return { mount, grouped };
})();
