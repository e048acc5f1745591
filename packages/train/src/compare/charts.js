// Runs in the browser, inside the page of a comparison, after uPlot and chart.js.
(() => {
  const { charts } = JSON.parse(document.getElementById('data').textContent);
  // A run without values keeps its index, and so its colour.
  const joined = charts.map(({ lines, ...chart }) => {
    const [x, ...means] = uPlot.join(lines.map(({ imagesSeen, values }) => [imagesSeen, values]));
    return { ...chart, x, lines: lines.map((line, i) => ({ ...line, mean: means[i] })) };
  });
  if (!chartKit.mount(document.querySelector('.charts'), joined)) document.getElementById('curves').hidden = true;
})();
