import { fold, literalsBelow, textsBelow } from './ast';
import { isTableNamedIn, isWritten, TableNames } from './TableNames';
import { DatasetTable, UnreadPart } from './types';

/** Comments and texts, in which a name is none; they end where the text does. */
const NO_CODE = /--[^\n]*|\/\*[^]*?(?:\*\/|$)|'[^']*(?:''[^']*)*(?:'|$)/g;

/** What makes a text one of SQL rather than one for people. */
const STATEMENT =
  /\b(select|from|join|insert|into|update|delete|merge|copy|lock|table|using)\b/i;

interface Options {
  tables: readonly DatasetTable[];
  placeholders?: ReadonlyMap<string, readonly string[] | null>;
}

/**
 * Holds what was understood against the text itself: a table that stands after FROM,
 * JOIN and the like more often than it was met stands in something that the reader does not
 * know, and may be read there.
 */
export function overlooked(
  sql: string,
  options: Options,
  { met, hidden }: TableNames,
): UnreadPart[] {
  // Line breaks stay, and with them the lines.
  const code = sql.replace(NO_CODE, text => text.replace(/[^\n]/g, ' '));
  return options.tables.flatMap(table => {
    const name = fold(table.names[table.names.length - 1]);
    const names = [
      name,
      ...[...(options.placeholders ?? [])].flatMap(([key, written]) =>
        written && isWritten(table, written) ? [key] : [],
      ),
    ];
    const places = names
      .flatMap(one => placesOf(one, table, code))
      .sort((a, b) => a - b);
    const known = (met.get(table) ?? 0) + (hidden.get(name) ?? 0);
    return places.length > known
      ? [
          {
            line: lineAt(code, places[places.length - 1]),
            reason: `stands in a part that is not understood: ${name}`,
          },
        ]
      : [];
  });
}

/**
 * Texts inside of SQL that are SQL themselves and name a table: what is sent to another
 * database, run as it is put together, or kept by the parser as it stands.
 *
 * @param statements - parsed
 */
export function sqlInTexts(
  statements: readonly unknown[],
  { tables, placeholders = new Map() }: Options,
): UnreadPart[] {
  const unread = (name: string) => [
    { reason: `stands in a text that is SQL itself: ${name}` },
  ];
  const calls = [...placeholders].flatMap(([call, written]) =>
    written && tables.some(table => isWritten(table, written)) ? [call] : [],
  );
  for (const text of literalsBelow(statements)) {
    if (calls.some(call => text.includes(call))) {
      return unread('a call of the template');
    }
  }
  for (const text of textsBelow(statements)) {
    const isName = !/\s/.test(text.trim());
    const named =
      !isName && STATEMENT.test(text)
        ? tables.find(table => isTableNamedIn(table, text)) ??
          calls.find(call => text.includes(call))
        : undefined;
    if (named !== undefined) {
      return unread(
        typeof named === 'string'
          ? 'a call of the template'
          : named.names[named.names.length - 1],
      );
    }
  }
  return [];
}

/** Where a name stands as one of a table, in characters; all of these are met, too. */
function placesOf(name: string, table: DatasetTable, code: string): number[] {
  const found = code.matchAll(
    new RegExp(
      `\\b(?:from|join|into|update|using|copy)\\s+(?:only\\s+)?((?:["\`\\[]?[\\w$-]+["\`\\]]?\\s*\\.\\s*){0,3})["\`\\[]?${escape(
        name,
      )}(?![\\w$]|["\`\\]]?\\s*\\.)`,
      'gi',
    ),
  );
  return [...found].flatMap(({ index = 0, 0: text, 1: before }) => {
    const qualifier = before
      .split('.')
      .map(part => part.replace(/["`[\]\s]/g, ''))
      .filter(part => part !== '');
    const schema = qualifier.slice(-1);
    return isWritten(table, [...schema, table.names[table.names.length - 1]])
      ? [index + text.length]
      : [];
  });
}

function lineAt(code: string, place: number): number {
  return code.slice(0, place).split('\n').length;
}

function escape(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}
