import { InputError } from '@backstage/errors';
import { hasSqlDetails, loadModule, parseSync, scanSync } from 'libpg-query';

/** Characters of one expression. */
const MAX_LENGTH = 4_000;

/** Words and signs of one expression. */
const MAX_TOKENS = 1_000;

/** Nested parentheses and brackets. */
const MAX_PARENTHESES = 50;

/** A node of PostgreSQL's parse tree: one key, the name of its type. */
export type SqlNode = { [type: string]: any };

let loaded = false;

/** Trees that are kept. */
const MAX_KEPT = 500;

/**
 * Trees of the expressions that were asked for last: each is asked for several
 * times on the way of a migration, and thousands of datasets may share one.
 */
const kept = new Map<string, SqlNode>();

/**
 * Loads PostgreSQL's parser (WebAssembly). To be awaited once before the first
 * expression is parsed; calling it again costs nothing.
 *
 * @public
 */
export async function initPlanning(): Promise<void> {
  await loadModule();
  if (!loaded) {
    compileOnce();
    loaded = true;
  }
}

/**
 * Has the parser compiled without the checks that have V8 optimise what is called often:
 * to optimise the largest function of this one takes half a gigabyte for a second, and
 * makes it no faster (https://v8.dev/docs/wasm-compilation-pipeline).
 */
function compileOnce(): void {
  // Not there in browsers, which do as they like.
  const v8 = globalThis.process?.getBuiltinModule?.('node:v8');
  // Only the function with that number, which is none of the module's own.
  v8?.setFlagsFromString('--wasm-tier-up-filter=0');
  try {
    parseSync('SELECT 1');
  } finally {
    v8?.setFlagsFromString('--wasm-tier-up-filter=-1');
  }
}

/**
 * Parses text as one SQL expression.
 *
 * @returns PostgreSQL's parse tree, nothing of it judged yet; others may be given
 *   the same one
 * @throws InputError for what is no expression, or more than one
 */
export function parseSql(text: string): SqlNode {
  const known = kept.get(text);
  kept.delete(text);
  const tree = known ?? parseAnew(text);
  kept.set(text, tree);
  if (kept.size > MAX_KEPT) {
    const [oldest] = kept.keys();
    kept.delete(oldest);
  }
  return tree;
}

function parseAnew(text: string): SqlNode {
  checkText(text);
  const select = parseStatement(`SELECT ${text}`)?.SelectStmt;
  if (!select) {
    throw new InputError('must be one expression, not several statements');
  }
  const { targetList = [], limitOption, op, ...clauses } = select;
  const [clause] = Object.keys(clauses);
  if (clause || op !== 'SETOP_NONE' || limitOption !== 'LIMIT_OPTION_DEFAULT') {
    throw new InputError(
      `must be one expression, but holds more of a query (${clause ?? op})`,
    );
  }
  if (targetList.length !== 1) {
    throw new InputError(
      `must be one expression, but holds ${targetList.length}`,
    );
  }
  const { val, name } = targetList[0].ResTarget;
  if (name !== undefined) {
    throw new InputError(`must be one expression without the alias "${name}"`);
  }
  return val;
}

/**
 * Parses text as one SQL query.
 *
 * @returns PostgreSQL's parse tree of the SELECT, nothing of it judged yet
 * @throws InputError for another statement, or more than one
 */
export function parseQuery(text: string): SqlNode {
  checkText(text);
  const statement = parseStatement(text);
  if (!statement?.SelectStmt) {
    throw new InputError(
      `must be one SELECT${
        statement ? `, not ${Object.keys(statement)[0]}` : ''
      }`,
    );
  }
  return statement.SelectStmt;
}

/** The parse tree of a single statement; undefined for none or several. */
function parseStatement(sql: string): SqlNode | undefined {
  const { stmts = [] } = attempt(() => parseSync(sql)) as {
    stmts?: Array<{ stmt: SqlNode }>;
  };
  return stmts.length === 1 ? stmts[0].stmt : undefined;
}

/** Looks at the words before the tree is built: comments vanish from the tree. */
function checkText(text: string): void {
  if (!loaded) {
    throw new Error(
      'initPlanning() must be awaited before parsing expressions',
    );
  }
  if (typeof text !== 'string' || text.trim() === '') {
    throw new InputError('must not be empty');
  }
  if (text.length > MAX_LENGTH) {
    throw new InputError(
      `must be at most ${MAX_LENGTH} characters, but has ${text.length}`,
    );
  }
  // The parser is written in C: it would stop reading here.
  if (text.includes('\0')) {
    throw new InputError('must not contain a NUL character');
  }
  const tokens = scan(text);
  if (tokens.length > MAX_TOKENS) {
    throw new InputError(`must be at most ${MAX_TOKENS} words and signs`);
  }
  // The tree of `SELECT ALL x` is that of `SELECT x`.
  if (/^all$/i.test(tokens[0]?.text ?? '')) {
    throw new InputError('must be one expression, but begins with ALL');
  }
  let open = 0;
  for (const token of tokens) {
    if (token.tokenName.endsWith('_COMMENT')) {
      throw new InputError('must not contain comments');
    }
    if (token.text === ';') {
      throw new InputError('must not contain a semicolon');
    }
    if (token.text === '(' || token.text === '[') {
      open += 1;
    } else if (token.text === ')' || token.text === ']') {
      open -= 1;
    }
    if (open > MAX_PARENTHESES) {
      throw new InputError(
        `must not nest deeper than ${MAX_PARENTHESES} parentheses`,
      );
    }
  }
}

/**
 * The words of a text. For a text that has none, as a quotation does not end,
 * the scanner yields a message where its caller expects JSON.
 */
function scan(text: string): ReturnType<typeof scanSync>['tokens'] {
  try {
    return scanSync(text).tokens ?? [];
  } catch (error) {
    attempt(() => parseSync(`SELECT ${text}`));
    throw new InputError('is not valid SQL: its words cannot be told apart');
  }
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (hasSqlDetails(error)) {
      throw new InputError(`is not valid SQL: ${error.message}`);
    }
    throw error;
  }
}
