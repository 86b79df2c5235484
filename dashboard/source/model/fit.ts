// Texts of drawings, which do not wrap by themselves: as much as fits into a width in pixels.

/// Widths of letters in parts of the font's size, of a wide font: in others there is room left.
const classes: [RegExp, number][] = [
  [/[WM@%mw…]/, 1.02], [/[A-Z&]/, 0.76], [/\s/, 0.33], [/[ijlIt.,:;·'|()-]/, 0.38],
];
const usual = 0.66;
const boldMore = 1.06;

const widthOf = (letter: string): number =>
  classes.find(([letters]) => letters.test(letter))?.[1] ?? usual;

export function textWidth(text: string, size: number, isBold = false): number {
  const sum = [...text].reduce((width, letter) => width + widthOf(letter), 0);
  return sum * size * (isBold ? boldMore : 1);
}

/// The text, or as much of it as fits with an ellipsis.
export function fitted(text: string, width: number, size: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size, isBold) > width) {
    letters.pop();
  }
  return `${letters.join('').trimEnd()}…`;
}

/// Lines of parts with " · " between them, as few as hold all.
export function wrapped(parts: string[], width: number, size: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last} · ${part}`;
    if (last !== undefined && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
