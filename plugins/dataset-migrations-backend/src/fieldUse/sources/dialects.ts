/** What the parser calls the SQL of an engine's store. */
const ofEngine: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  duckdb: 'duckdb',
};

/**
 * Dialects that a consumer's SQL is tried in: the one that it says, or the one of
 * the store that holds the dataset, and what most have in common.
 */
export function dialectsOf(
  own: string | undefined,
  engine: string | undefined,
): string[] {
  const dialect = own ?? (engine === undefined ? undefined : ofEngine[engine]);
  return [...new Set([dialect ?? 'generic', 'generic'])];
}
