/** Rows under headings, columns aligned as a terminal shows them: Chinese characters take two cells. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values, one a line, the values aligned. */
export function listing(facts: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(facts).map(displayWidth));
  return Object.entries(facts)
    .map(([name, value]) => `${name}${' '.repeat(width - displayWidth(name))}  ${value}`)
    .join('\n');
}

function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1;
  return width;
}
