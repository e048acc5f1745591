// Runs in the browser, inside report.html, after uPlot.
(() => {
  const run = JSON.parse(document.getElementById('data').textContent);
  const place = document.querySelector('.charts');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const grouped = (value) => value.toLocaleString('en-US');

  const short = (value) => {
    if (value === null || value === undefined) return '–';
    return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
  };

  const images = (value) => {
    if (value >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
    return value >= 1e3 ? `${Number((value / 1e3).toPrecision(4))}k` : String(value);
  };

  const charts = [
    {
      title: 'Losses',
      lines: [
        ['lossD', 'D_loss', 'd'],
        ['lossG', 'G_loss', 'g'],
      ],
      logarithm: true,
    },
    {
      title: 'What D takes for real',
      lines: [
        ['dReal', 'D(x), photos', 'real'],
        ['dFake', 'D(G(z)), fakes', 'fake'],
      ],
      range: [0, 1],
    },
    { title: 'Speed', lines: [['imagesPerSecond', 'images/s', 'other']], fromZero: true },
    { title: 'Diversity of the fakes', lines: [['diversity', 'diversity', 'other']], fromZero: true },
  ].map((chart) => ({
    ...chart,
    x: run.imagesSeen,
    lines: chart.lines.map(([key, label, tint]) => ({ ...run.curves[key], label, tint })),
  }));

  const metricTitles = {
    swd: 'Sliced Wasserstein distance × 1,000 (lower is better)',
    msSsim: 'MS-SSIM between samples (lower is more varied)',
    frechetRandom: 'Fréchet distance of random features (lower is better)',
    precisionRandom: 'Precision by random features (higher is better)',
    recallRandom: 'Recall by random features (higher is better)',
    nearCopies: 'Share of samples nearer to a photo than 99 % of photos are',
    nearestPhoto: 'Distance to the nearest photo, in that between photos',
  };
  const levelTints = { 128: 'fake', 64: 'd', 32: 'g', 16: 'real', mean: 'other' };
  // `swd.64`, or `2000/swd.64` where `pnpm evaluate` measured it, of 2,000 pictures. Levels share a chart.
  const metricCharts = new Map();
  for (const [name, { imagesSeen, values }] of Object.entries(run.metrics)) {
    const [, pictures, metric] = name.match(/^(?:(\d+)\/)?(.*)$/);
    const [, level] = metric.match(/^swd\.(.*)$/) ?? [];
    const group = level ? 'swd' : metric;
    const key = `${pictures}/${group}/${imagesSeen}`;
    const title = (metricTitles[group] ?? group) + (pictures ? `, ${grouped(Number(pictures))} pictures` : '');
    if (!metricCharts.has(key)) metricCharts.set(key, { title, x: imagesSeen, lines: [] });
    const tint = levelTints[level] ?? 'other';
    const label = level ? (level === 'mean' ? level : `level ${level}`) : metric;
    metricCharts.get(key).lines.push({ mean: values, min: values, max: values, label, tint, dots: true });
  }
  charts.push(...metricCharts.values());

  /** Leaves out values so rare and extreme that nothing else would be seen; the logarithm still shows them. */
  function usualRange(chart) {
    const among = (values, share) => {
      const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
      return sorted[Math.round(share * (sorted.length - 1))];
    };
    const mean = chart.lines.flatMap((line) => line.mean);
    const least = chart.lines.map((line) => among(line.min, 0.1));
    const most = chart.lines.map((line) => among(line.max, 0.9));
    const low = Math.min(among(mean, 0.005), ...least);
    const high = Math.max(among(mean, 0.995), ...most);
    const margin = (high - low || Math.abs(high) || 1) * 0.08;
    return [chart.fromZero || (chart.logarithm && low >= 0) ? 0 : low - margin, high + margin];
  }

  function draw(chart, box, logarithm) {
    const lift = (values) =>
      logarithm ? values.map((value) => (value === null ? null : Math.max(value, 1e-8))) : values;
    const series = [{ label: 'images', value: (_, value) => (value === null ? '–' : grouped(value)) }];
    const data = [chart.x];
    const bands = [];
    for (const line of chart.lines) {
      const stroke = color(line.tint);
      const n = data.length;
      data.push(lift(line.mean), lift(line.max), lift(line.min));
      const edge = { stroke: 'transparent', points: { show: false }, class: 'edge' };
      const points = { show: Boolean(line.dots), size: 6, fill: stroke };
      series.push({ label: line.label, stroke, width: 1.5, points, value: (_, value) => short(value) });
      series.push({ ...edge, label: `${line.label} most` }, { ...edge, label: `${line.label} least` });
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
          y: logarithm ? { distr: 3 } : { range: (_, low, high) => chart.range ?? chart.usual ?? [low, high] },
        },
        cursor: { sync: { key: 'run' }, y: false, drag: { x: true, y: false } },
        hooks: { draw: [drawMarkers] },
      },
      data,
      box,
    );
  }

  function drawMarkers(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const { imagesSeen, kind } of run.markers) {
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

  const redraws = [];
  for (const chart of charts) {
    if (chart.lines.every((line) => line.mean.every((value) => value === null))) continue;
    chart.usual = usualRange(chart);
    const figure = place.appendChild(document.createElement('figure'));
    const caption = figure.appendChild(document.createElement('figcaption'));
    caption.textContent = chart.title;
    const box = figure.appendChild(document.createElement('div'));
    let toggle = null;
    if (chart.logarithm && chart.lines.every((line) => line.min.every((value) => value === null || value >= 0))) {
      const label = caption.appendChild(document.createElement('label'));
      toggle = label.appendChild(document.createElement('input'));
      toggle.type = 'checkbox';
      label.append('logarithmic');
    }
    let plot = null;
    const redraw = () => {
      plot?.destroy();
      plot = draw(chart, box, toggle?.checked ?? false);
    };
    toggle?.addEventListener('change', redraw);
    redraws.push(redraw);
    new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 240 })).observe(box);
  }
  if (redraws.length === 0) document.getElementById('curves').hidden = true;
  const redrawAll = () => {
    for (const redraw of redraws) redraw();
  };
  redrawAll();
  dark.addEventListener('change', redrawAll);

  const strip = document.querySelector('.strip');
  const sheets = [...(strip?.children ?? [])];
  function show(index) {
    for (const [i, sheet] of sheets.entries()) sheet.toggleAttribute('aria-current', i === index);
    document.querySelector('#shown img').src = sheets[index].querySelector('img').src;
    document.querySelector('#shown b').textContent = `${sheets[index].textContent.trim()} images`;
    sheets[index].scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  for (const [i, sheet] of sheets.entries()) sheet.addEventListener('click', () => show(i));
  strip?.addEventListener('keydown', (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const current = sheets.findIndex((sheet) => sheet.hasAttribute('aria-current'));
    show(Math.min(sheets.length - 1, Math.max(0, current + way)));
  });
  if (strip) strip.scrollLeft = strip.scrollWidth;
})();
