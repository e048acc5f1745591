/** @module A table in columns, for a terminal. */

/** Lines of cells two spaces apart. Columns for which `left` is true are aligned left, the others, numbers, right. */
export function alignedTable(rows: readonly (readonly string[])[], left: (column: number) => boolean): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (left(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
