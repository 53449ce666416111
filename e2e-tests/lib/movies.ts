/** The film that earned too much for an integer earns less. */
export function smallerNumbers(lines: string): string {
  return lines.replace(/: ?(\d{10,})/g, ':2000000000');
}
