/** @module Draws an ONNX file that is a chain of operators as SVG: an arrow of boxes, below the layers that they come from. */
import protobuf from 'onnx-proto';

const [WIDTH, GAP, TOP] = [118, 26, 78];

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x: number, y: number, content: string, style: string) =>
  `<text x="${x}" y="${y}" text-anchor="middle" ${style}>${escaped(content)}</text>`;

/** @returns the SVG, as wide as a page of text. */
export function drawChain(file: Uint8Array): string {
  const { node: nodes, valueInfo, input, output } = protobuf.onnx.ModelProto.decode(file).graph!;
  const shapes = new Map(
    [...input!, ...valueInfo!, ...output!].map(({ name, type }) => [
      name!,
      type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || String(dimValue)).join('×'),
    ]),
  );
  const left = (i: number) => GAP + i * (WIDTH + GAP);
  const layerOf = (i: number) => nodes![i]?.name?.split('/')[0];
  const parts: string[] = [];
  const small = 'font-size="11" fill="#57606a"';
  for (const [i, { opType, output: results }] of nodes!.entries()) {
    const x = left(i);
    parts.push(
      `<path d="M${x - GAP + 2} ${TOP + 22}h${GAP - 8}m-5 -4l5 4l-5 4" fill="none" stroke="#57606a"/>`,
      `<rect x="${x}" y="${TOP}" width="${WIDTH}" height="44" rx="6" fill="#ddf4ff" stroke="#0969da"/>`,
      text(x + WIDTH / 2, TOP + 27, opType!, 'font-size="15" fill="#0a3069"'),
      text(x + WIDTH / 2, TOP + 62, shapes.get(results![0]!) ?? '', small),
    );
    if (i > 0 && layerOf(i) === layerOf(i - 1)) continue;
    // A bracket over the operators of one layer.
    let last = i;
    while (layerOf(last + 1) === layerOf(i)) last++;
    const [from, to] = [x, left(last) + WIDTH];
    parts.push(
      text((from + to) / 2, TOP - 26, layerOf(i)!, 'font-size="11" fill="#24292f" font-family="monospace"'),
      `<path d="M${from} ${TOP - 8}v-8H${to}v8" fill="none" stroke="#8c959f"/>`,
    );
  }
  const [width, height] = [left(nodes!.length), TOP + 84];
  const title = `${shapes.get(input![0]!.name!)} in, ${shapes.get(output![0]!.name!)} out`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#fff"/>
${text(width / 2, 22, title, 'font-size="13" fill="#57606a"')}
${parts.join('\n')}
</svg>
`;
}
