import { fold } from './ast';
import { TableNames } from './TableNames';
import { DatasetTable, UnreadPart } from './types';

/** Comments and texts, in which a name is none. */
const NO_CODE = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'/g;

/**
 * Holds what was understood against the text itself: a table that stands after FROM
 * or JOIN more often than it was met stands in something that the reader does not
 * know, and may be read there.
 */
export function overlooked(
  sql: string,
  options: {
    tables: readonly DatasetTable[];
    placeholders?: ReadonlyMap<string, readonly string[] | null>;
  },
  { met }: TableNames,
): UnreadPart[] {
  // Line breaks stay, and with them the lines.
  const code = sql.replace(NO_CODE, text => text.replace(/[^\n]/g, ' '));
  return options.tables.flatMap(table => {
    const name = fold(table.names[table.names.length - 1]);
    const names = [
      name,
      ...[...(options.placeholders ?? [])].flatMap(([key, written]) =>
        written && isSame(table, written) ? [key] : [],
      ),
    ];
    const places = names.flatMap(one => placesOf(one, code));
    return places.length > (met.get(table) ?? 0) && !isDefined(name, code)
      ? [
          {
            line: places[places.length - 1],
            reason: `stands in a part that is not understood: ${name}`,
          },
        ]
      : [];
  });
}

function isSame({ names }: DatasetTable, written: readonly string[]): boolean {
  const [name, schema] = [...written].reverse().map(fold);
  const [ownName, ownSchema = schema] = [...names].reverse().map(fold);
  return name === ownName && (schema === undefined || schema === ownSchema);
}

function placesOf(name: string, code: string): number[] {
  const found = code.matchAll(
    new RegExp(
      `\\b(from|join)\\s+(only\\s+)?["\`\\[]?${escape(name)}\\b`,
      'gi',
    ),
  );
  return [...found].map(
    ({ index, 0: text }) =>
      code.slice(0, index! + text.length).split('\n').length,
  );
}

/** Whether a common table expression has the name, and hides the table. */
function isDefined(name: string, code: string): boolean {
  return new RegExp(
    `\\b${escape(name)}["\`\\]]?\\s*(\\([^)]*\\)\\s*)?as\\b`,
    'i',
  ).test(code);
}

function escape(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}
