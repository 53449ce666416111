/** How many fields a sentence names. */
const NAMED = 8;

/** Who reads a field reads what is inside; who reads what is inside needs the field. */
export function overlap(one: string, other: string): boolean {
  return (
    one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)
  );
}

/** Names of fields for a sentence. */
export function list(fields: readonly string[]): string {
  const shown = fields.slice(0, NAMED).map(field => `\`${field}\``);
  return fields.length > shown.length
    ? `${shown.join(', ')} and ${fields.length - shown.length} more`
    : shown.join(', ');
}
