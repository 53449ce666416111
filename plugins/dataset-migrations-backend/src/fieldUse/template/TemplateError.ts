/** What of a template cannot be told without running it. */
export class TemplateError extends Error {
  /** @param line - from 1 */
  constructor(readonly line: number, message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

/** Code of a template for a message: on one line, and not long. */
export function shown(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
