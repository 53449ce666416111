import { isObject } from './ast';
import { Steps } from './Steps';

/**
 * Comments, texts, names, blanks, all else. What has no end goes on to the end of the
 * text, so that it is looked for once.
 */
const TOKEN =
  /--[^\n]*|\/\*[^]*?(?:\*\/|$)|'[^']*(?:''[^']*)*(?:'|$)|"[^"]*(?:""[^"]*)*(?:"|$)|`[^`]*(?:`|$)|\s+|[\w$]+|[^]/g;

/** After these a star is not a multiplication. */
const BEFORE_STAR = /^([,(.]|select|distinct|all)$/i;

interface Star {
  /** In characters, as the parser counts them. */
  start: number;
  line: number;
  /** Parentheses that are open around it. */
  depth: number;
}

/**
 * Where the stars of a text stand that are lists of columns: the parser tells the
 * places of names, but not of stars.
 */
export class Wildcards {
  private readonly stars: Star[];
  /** Where each parenthesis stands, and how many are open behind it. */
  private readonly depths: Array<{ start: number; depth: number }> = [];

  constructor(sql: string, private readonly steps = new Steps()) {
    this.stars = starsOf(sql, this.depths);
  }

  /** The line of the star of a query, by what its FROM holds; 0 when there is none. */
  lineBefore(from: unknown): number {
    const start = this.firstStart(from) ?? 0;
    const paren = this.depths[lastUpTo(this.depths, start)];
    const depth = paren?.depth ?? 0;
    for (let index = lastUpTo(this.stars, start); index >= 0; index -= 1) {
      this.steps.take();
      // One deeper is that of a query inside the list of columns.
      if (this.stars[index].depth <= depth) {
        return this.stars[index].line;
      }
    }
    return 0;
  }

  /** Where the first name below a part begins. */
  private firstStart(value: unknown): number | undefined {
    this.steps.take();
    if (isObject(value) && typeof value.span?.start === 'number') {
      return value.span.start;
    }
    let first: number | undefined;
    if (Array.isArray(value) || isObject(value)) {
      for (const inner of Object.values(value)) {
        const start = this.firstStart(inner);
        if (start !== undefined && (first === undefined || start < first)) {
          first = start;
        }
      }
    }
    return first;
  }
}

function starsOf(
  sql: string,
  depths: Array<{ start: number; depth: number }>,
): Star[] {
  const stars: Star[] = [];
  const tokens = [...sql.matchAll(TOKEN)].map(([text]) => text);
  let start = 0;
  let line = 1;
  let depth = 0;
  let previous = '';
  tokens.forEach((text, index) => {
    if (text === '*' && BEFORE_STAR.test(previous)) {
      const next = tokens
        .slice(index + 1, index + 3)
        .find(one => !isBlank(one));
      // `count(*)` is no list of columns.
      if (!(previous === '(' && next === ')')) {
        stars.push({ start, line, depth });
      }
    }
    if (text === '(' || text === ')') {
      depth += text === '(' ? 1 : -1;
      depths.push({ start, depth });
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

/** The index of the last of them that begins no later; -1 when there is none. */
function lastUpTo(list: ReadonlyArray<{ start: number }>, start: number) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (list[middle].start <= start) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
