/**
 * Puts texts in the place of `{ $text: path }`, at any depth, as the catalog
 * does it when it reads an entity.
 *
 * @param read - gives the text at a path
 */
export function resolveText(
  value: unknown,
  read: (path: string) => string,
): unknown {
  if (Array.isArray(value)) {
    return value.map(item => resolveText(item, read));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if ('$text' in value) {
    return read(String(value.$text));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveText(item, read)]),
  );
}
