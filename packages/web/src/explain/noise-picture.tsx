/** @module The numbers of z as a bar chart. */

const HEIGHT = 100;
/** Nearly all normally distributed numbers are within three standard deviations. */
const MOST = 3;

export function NoisePicture({ z }: { z: Float32Array }) {
  const bars = Array.from(z, (value, i) => {
    const height = (Math.min(MOST, Math.abs(value)) / MOST) * (HEIGHT / 2);
    const top = value > 0 ? HEIGHT / 2 - height : HEIGHT / 2;
    return `M${i + 0.15} ${top.toFixed(2)}h.7v${height.toFixed(2)}h-.7z`;
  });
  return (
    <svg class="noise" viewBox={`0 0 ${z.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={bars.join('')} />
    </svg>
  );
}
