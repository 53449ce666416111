import { shown, TemplateError } from './TemplateError';

/** What a template may ask of the project that it belongs to. */
export interface TemplateProject {
  /** Models, seeds and snapshots of the project itself. */
  isModel(name: string): boolean;
  /**
   * Schema, where it is known, and table of a source; undefined for one that the
   * project does not declare.
   */
  source(name: string, table: string): readonly string[] | undefined;
  /** What all of its sources are, as {@link TemplateProject.source} tells them. */
  sourceTables(): Iterable<readonly string[]>;
  /** The value that the project gives a variable. */
  variable(name: string): string | number | boolean | undefined;
}

/** What an output becomes: SQL, or the table that a call stands for. */
export type Evaluated =
  | { sql: string }
  /** Null for a model of the project. */
  | { table: readonly string[] | null };

interface Call {
  name: string;
  args: unknown[];
}

/**
 * Evaluates the calls that dbt itself defines and whose result is known without a
 * database. Everything else is refused: it could be any SQL.
 *
 * @throws TemplateError
 */
export function evaluate(
  code: string,
  line: number,
  context: {
    project: TemplateProject;
    variables: ReadonlyMap<string, Evaluated>;
    /** Whether it stands in a text of SQL, where it is a value. */
    inText: boolean;
  },
): Evaluated {
  const { project, variables, inText } = context;
  const refuse = () =>
    new TemplateError(line, `{{ ${shown(code)} }} is not evaluated`);
  if (code === 'this') {
    return { table: null };
  }
  const known = variables.get(code);
  if (known) {
    return known;
  }
  const literal = readLiteral(code);
  if (literal !== undefined) {
    return { sql: String(literal) };
  }
  if (/^config\s*\(/.test(code)) {
    if (/hook|sql_header/.test(code)) {
      throw refuse();
    }
    return { sql: '' };
  }
  const { name, args } = readCall(code) ?? { name: '', args: [] };
  const texts = args.filter((arg): arg is string => typeof arg === 'string');
  switch (name) {
    case 'ref': {
      const model = texts[texts.length - 1];
      if (texts.length !== args.length || !model || texts.length > 2) {
        throw refuse();
      }
      const isOwn = texts.length === 1 && project.isModel(model);
      return { table: isOwn ? null : [model] };
    }
    case 'source': {
      const [source, table] = texts;
      if (args.length !== 2 || texts.length !== 2) {
        throw refuse();
      }
      // dbt would refuse a source that is not declared; its name is all there is.
      return { table: project.source(source, table) ?? [table] };
    }
    case 'var': {
      const value = project.variable(texts[0]) ?? args[1];
      // Whoever runs the project may give it another one: as SQL it could be anything.
      if (
        value === undefined ||
        typeof value === 'object' ||
        (typeof value === 'string' && !inText)
      ) {
        throw refuse();
      }
      return { sql: String(value) };
    }
    case 'dbt_utils.generate_surrogate_key':
    case 'dbt_utils.surrogate_key': {
      const columns = args.flat();
      if (columns.some(column => typeof column !== 'string')) {
        throw refuse();
      }
      return { sql: `concat(${columns.join(', ')})` };
    }
    default:
      throw refuse();
  }
}

/** `name('text', 1, ['a', 'b'])`; undefined for any other code. */
function readCall(code: string): Call | undefined {
  const [, name, inside] = /^([\w.]+)\s*\(([^]*)\)$/.exec(code) ?? [];
  if (name === undefined) {
    return undefined;
  }
  const args = readList(inside);
  return args && { name, args };
}

/** Literals and lists of them, between commas; undefined for anything else. */
function readList(code: string): unknown[] | undefined {
  const items: unknown[] = [];
  let rest = code.trim();
  while (rest !== '') {
    const [item] =
      /^(\[[^[\]]*\]|'[^'\\]*'|"[^"\\]*"|[-\w.]+)/.exec(rest) ?? [];
    if (item === undefined) {
      return undefined;
    }
    const value = item.startsWith('[')
      ? readList(item.slice(1, -1))
      : readLiteral(item);
    if (value === undefined) {
      return undefined;
    }
    items.push(value);
    rest = rest.slice(item.length).trim();
    if (rest !== '' && !rest.startsWith(',')) {
      return undefined;
    }
    rest = rest.slice(1).trim();
  }
  return items;
}

function readLiteral(code: string): string | number | boolean | undefined {
  if (/^('[^'\\]*'|"[^"\\]*")$/.test(code)) {
    return code.slice(1, -1);
  }
  if (/^-?\d+(\.\d+)?$/.test(code)) {
    return Number(code);
  }
  return /^(true|false)$/i.test(code)
    ? code.toLowerCase() === 'true'
    : undefined;
}
