import { stripVTControlCharacters } from 'node:util';

/** Of the end of a log that is usually kept, what the failures may take. */
const LINES = 120;
const LINES_OF_ONE = 40;
/** A failure with fewer is not worth showing. */
const LEAST_LINES = 5;
const NAMES = 30;
const WIDTH = 200;

/**
 * The failures as lines to end a log with: what each test said, shortened so
 * that all of it fits into what is kept of a long log, then every name.
 *
 * @param {import('./counts.mjs').Failure[]} failures
 * @returns {string[]}
 */
export function describeFailures(failures) {
  const told = failures.filter(({ message }) => message);
  const each = Math.max(
    LEAST_LINES,
    Math.min(LINES_OF_ONE, Math.floor(LINES / told.length) - 1),
  );
  const shown = told.slice(0, Math.floor(LINES / (each + 1)));
  const details = shown.flatMap(({ name, message }) => [
    `${name} said:`,
    ...shorten(linesOf(message), each).map(line => `  ${line}`),
  ]);
  const names = failures.map(({ name }) => `failed: ${name}`);
  const rest = names.length - NAMES;
  return [
    ...details,
    ...names.slice(0, NAMES),
    ...(rest > 0 ? [`failed: and ${rest} more`] : []),
  ];
}

/** Without colours and empty lines. */
function linesOf(text) {
  return stripVTControlCharacters(text)
    .split('\n')
    .map(line => line.trimEnd())
    .filter(Boolean)
    .map(line => (line.length > WIDTH ? `${line.slice(0, WIDTH)} ...` : line));
}

/** Tests begin with what is wrong, and programs end with it. */
function shorten(lines, count) {
  if (lines.length <= count) return lines;
  const ends = Math.floor((count - 1) / 2);
  return [
    ...lines.slice(0, count - 1 - ends),
    `... ${lines.length - count + 1} more lines ...`,
    ...lines.slice(-ends),
  ];
}
