// Runs in the browser, inside report.html, after uPlot and chart.js.
(() => {
  const run = JSON.parse(document.getElementById('data').textContent);
  const place = document.querySelector('.charts');

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
      title: 'Probability of being real, according to D',
      lines: [
        ['dReal', 'D(x), photos', 'real'],
        ['dFake', 'D(G(z)), fakes', 'fake'],
      ],
      range: [0, 1],
    },
    {
      title: "Overfitting of D: r_t and r_v; ADA's p",
      lines: [
        ['signReal', 'r_t', 'real'],
        ['rv', 'r_v', 'bad'],
        ['augmentP', 'p', 'other'],
      ],
      range: [-1, 1],
    },
    {
      title: "D's logits, without augmentation",
      lines: [
        ['logitReal', 'photos', 'real'],
        ['logitHeldOut', 'held-out photos', 'bad'],
        ['logitFake', 'fakes', 'fake'],
      ],
    },
    {
      title: 'Learning rates after decay and guard',
      lines: [
        ['lrD', 'D', 'd'],
        ['lrG', 'G', 'g'],
      ],
      fromZero: true,
    },
    { title: 'Speed', lines: [['imagesPerSecond', 'images/s', 'other']], fromZero: true },
    { title: 'Diversity of the fakes', lines: [['diversity', 'diversity', 'other']], fromZero: true },
  ].map((chart) => ({
    ...chart,
    ...aligned(chart.lines.map(lineOf).filter(({ mean }) => mean?.some(Number.isFinite))),
  }));

  /** Curves of ticks, or of the rarer measurements of held-out photos. */
  function lineOf([key, label, tint]) {
    const { imagesSeen, values } = run.overfitting[key] ?? {};
    if (values) return { x: imagesSeen, mean: values, label, tint, dots: true };
    return { x: run.imagesSeen, ...run.curves[key], label, tint };
  }

  /** Lines with values at different x, on one axis. */
  function aligned(lines) {
    const curves = ['mean', 'min', 'max'];
    const tables = lines.map((line) => [line.x, ...curves.flatMap((name) => (line[name] ? [line[name]] : []))]);
    const [x, ...columns] = lines.length > 0 ? uPlot.join(tables) : [[]];
    const take = (line, name) => (line[name] ? { [name]: columns.shift() } : {});
    return {
      x,
      lines: lines.map((line) => Object.assign({ ...line }, ...curves.map((name) => take(line, name)))),
    };
  }

  const metricTitles = {
    swd: 'Sliced Wasserstein distance × 1,000 (lower is better)',
    msSsim: 'MS-SSIM between samples (lower: more varied)',
    frechetRandom: 'Fréchet distance of random features (lower is better)',
    precisionRandom: 'Precision of random features (higher is better)',
    recallRandom: 'Recall of random features (higher is better)',
    nearCopies: 'Near copies: share of samples closer to a photo than 99 % of photos are to others',
    nearestPhoto: 'Distance to the nearest photo, relative to the distance between photos',
  };
  const levelTints = { 128: 'fake', 64: 'd', 32: 'g', 16: 'real', mean: 'text' };
  // `swd.64`, or `2000/swd.64` if `pnpm evaluate` measured it on 2,000 pictures. Levels share a chart, and so do
  // the measurements of a metric; of levels measured by `pnpm evaluate` the mean is enough beside those of the training.
  const metricCharts = new Map();
  const evaluatedTints = new Map();
  for (const [name, { imagesSeen, values }] of Object.entries(run.metrics)) {
    const [, pictures, metric] = name.match(/^(?:(\d+)\/)?(.*)$/);
    const [, level] = metric.match(/^swd\.(.*)$/) ?? [];
    if (pictures && level && level !== 'mean' && run.metrics['swd.mean'] && run.metrics[`${pictures}/swd.mean`])
      continue;
    const group = level ? 'swd' : metric;
    if (!metricCharts.has(group)) metricCharts.set(group, []);
    if (pictures && !evaluatedTints.has(pictures))
      evaluatedTints.set(pictures, ['bad', 'best', 'note'][evaluatedTints.size % 3]);
    const tint = pictures ? evaluatedTints.get(pictures) : (levelTints[level] ?? 'other');
    const measured = level ? (level === 'mean' ? level : `level ${level}`) : metric;
    const label = pictures ? `${measured}, ${chartKit.grouped(Number(pictures))} pictures` : measured;
    metricCharts.get(group).push({ x: imagesSeen, mean: values, label, tint, dots: true });
  }
  for (const [group, lines] of metricCharts) charts.push({ title: metricTitles[group] ?? group, ...aligned(lines) });

  if (!chartKit.mount(place, charts, run.markers)) document.getElementById('curves').hidden = true;

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
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const current = sheets.findIndex((sheet) => sheet.hasAttribute('aria-current'));
    show(Math.min(sheets.length - 1, Math.max(0, current + step)));
  });
  if (strip) strip.scrollLeft = strip.scrollWidth;
})();
