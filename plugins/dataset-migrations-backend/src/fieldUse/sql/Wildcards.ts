import { isObject } from './ast';

const TOKEN =
  /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\s+|[\w$]+|[^]/g;

/** After these a star is not a multiplication. */
const BEFORE_STAR = /^([,(.]|select|distinct|all)$/i;

interface Star {
  /** In characters, as the parser counts them. */
  start: number;
  line: number;
}

/**
 * Where the stars of a text stand that are lists of columns: the parser tells the
 * places of names, but not of stars.
 */
export class Wildcards {
  private readonly stars: Star[];

  constructor(sql: string) {
    this.stars = starsOf(sql);
  }

  /** The line of the star of a query, by what its FROM holds; 0 when there is none. */
  lineBefore(from: unknown): number {
    const start = firstStart(from) ?? 0;
    let line = 0;
    for (const star of this.stars) {
      if (star.start > start) {
        break;
      }
      line = star.line;
    }
    return line;
  }
}

function starsOf(sql: string): Star[] {
  const stars: Star[] = [];
  const tokens = [...sql.matchAll(TOKEN)].map(([text]) => text);
  let start = 0;
  let line = 1;
  let previous = '';
  tokens.forEach((text, index) => {
    if (text === '*' && BEFORE_STAR.test(previous)) {
      const next = tokens
        .slice(index + 1, index + 3)
        .find(one => !isBlank(one));
      // `count(*)` is no list of columns.
      if (!(previous === '(' && next === ')')) {
        stars.push({ start, line });
      }
    }
    previous = isBlank(text) ? previous : text;
    start += [...text].length;
    line += text.split('\n').length - 1;
  });
  return stars;
}

function isBlank(text: string): boolean {
  return text.trim() === '' || /^(--|\/\*)/.test(text);
}

/** Where the first name below a part begins. */
function firstStart(value: unknown): number | undefined {
  if (isObject(value) && typeof value.span?.start === 'number') {
    return value.span.start;
  }
  let first: number | undefined;
  if (Array.isArray(value) || isObject(value)) {
    for (const inner of Object.values(value)) {
      const start = firstStart(inner);
      if (start !== undefined && (first === undefined || start < first)) {
        first = start;
      }
    }
  }
  return first;
}
