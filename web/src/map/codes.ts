/** Codes behind the highest of a cell's siblings, where codes are numbers. */
export function nextCodes(codes: readonly string[], n: number): string[] {
  const numbers = codes.filter((c) => /^\d+$/.test(c));
  const highest = numbers.sort().at(-1);
  return Array.from({ length: n }, (_, i) => (highest ? (BigInt(highest) + BigInt(i + 1)).toString().padStart(highest.length, '0') : ''));
}
