/** @module The curves of SWD, Fréchet distance and D's overfitting as one picture, for a README. */
import { extname } from 'node:path';
import * as echarts from 'echarts';
import sharp from 'sharp';
import type { Comparison } from './comparison.ts';
import { metricCurves, overfittingCurves } from './curves.ts';
import { lightColours, lineStyle } from './line-styles.ts';

const WIDTH = 1_200;
/** Two plots to a row. */
const PLOT = { top: 52, height: 340, width: 500, left: [64, 660], row: 450 } as const;
/** `longest`: characters of a label that fit into one of two columns. */
const LEGEND = { row: 24, left: [64, 660], longest: 56 } as const;
/** Logged in every tick: a dot at each would hide the line. */
const MOST_DOTS = 40;
const TEXT = '#333';

/** The picture as SVG if `file` ends in .svg, otherwise as PNG at twice the size. */
export async function plotFile(file: string, comparison: Comparison): Promise<Buffer> {
  const svg = Buffer.from(plotSvg(comparison));
  if (extname(file).toLowerCase() === '.svg') return svg;
  return sharp(svg, { density: 2 * 72 })
    .png()
    .toBuffer();
}

/** The picture as SVG, 1200 pixels wide. */
export function plotSvg({ rows }: Comparison): string {
  const runs = rows.map(({ run }) => run);
  const plots = [
    metricCurves(runs, 'swd.mean'),
    metricCurves(runs, 'frechetRandom'),
    overfittingCurves(runs, 'rv'),
    overfittingCurves(runs, 'augmentP'),
  ].filter((curves) => curves !== null);
  const topOf = (plot: number) => Math.floor(plot / PLOT.left.length) * PLOT.row;
  const leftOf = (plot: number) => PLOT.left[plot % PLOT.left.length]!;
  const legendTop = topOf(plots.length - 1) + PLOT.top + PLOT.height + 62;
  // Runs that were never measured have no line, and no entry in the legend.
  const shown = rows.filter((_, i) => plots.some(({ lines }) => lines[i]!.values.length > 0));
  const columns = shown.some(({ label }) => label.length > LEGEND.longest) ? 1 : 2;
  const perColumn = Math.ceil(shown.length / columns);
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: legendTop + perColumn * LEGEND.row + 16,
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    textStyle: { fontFamily: 'sans-serif', color: TEXT },
    title: plots.map(({ title }, i) => ({
      text: title,
      left: leftOf(i),
      top: topOf(i) + 10,
      padding: 0,
      textStyle: { fontSize: 16, fontWeight: 600, color: TEXT },
    })),
    grid: plots.map((_, i) => ({ left: leftOf(i), top: topOf(i) + PLOT.top, width: PLOT.width, height: PLOT.height })),
    xAxis: plots.map((_, gridIndex) => ({
      gridIndex,
      type: 'value',
      name: 'images seen',
      nameLocation: 'middle',
      nameGap: 32,
      nameTextStyle: { fontSize: 14, color: TEXT },
      axisLabel: { fontSize: 13, color: TEXT, formatter: images },
      splitLine: { show: false },
    })),
    yAxis: plots.map(({ lines }, gridIndex) => ({
      gridIndex,
      type: 'value',
      ...(lines.every(({ values }) => values.every((value) => (value ?? 0) >= 0)) && { min: 0 }),
      axisLabel: { fontSize: 13, color: TEXT },
      splitLine: { lineStyle: { color: '#e5e5e5' } },
    })),
    legend: LEGEND.left.slice(0, columns).map((left, column) => ({
      data: shown.slice(column * perColumn, (column + 1) * perColumn).map(({ label }) => label),
      orient: 'vertical',
      selectedMode: false,
      left,
      top: legendTop,
      padding: 0,
      itemGap: 8,
      itemWidth: 34,
      itemHeight: 9,
      textStyle: { fontSize: 14, fontFamily: 'monospace', color: TEXT },
    })),
    series: plots.flatMap(({ lines }, index) =>
      lines.map(({ imagesSeen, values }, i) => {
        const { colour, dash } = lineStyle(i);
        return {
          type: 'line',
          silent: true,
          name: rows[i]!.label,
          xAxisIndex: index,
          yAxisIndex: index,
          data: imagesSeen.map((x, point) => [x, values[point]]),
          color: lightColours[colour],
          lineStyle: { width: 2.5, type: dash.length > 0 ? [...dash] : 'solid' },
          symbol: 'circle',
          symbolSize: values.length > MOST_DOTS ? 0 : 6,
        };
      }),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

const images = (value: number) => (value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : String(value));
