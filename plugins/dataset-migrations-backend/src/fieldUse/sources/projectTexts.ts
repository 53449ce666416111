import {
  formatProblem,
  readYaml,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Node,
  parseDocument,
  Scalar,
} from 'yaml';
import { hasReads } from './mayRead';

/** A text in the YAML of a dbt project that may read something. */
export interface ProjectText {
  /** Where it begins, from 1. */
  line: number;
  text: string;
  /** Whether dbt runs it as SQL. */
  isSql: boolean;
}

/** What dbt runs before and after models and runs, or puts before their SQL. */
const SQL_KEY = /^\+?(on-run-(start|end)|(pre|post)[-_]hook|sql[-_]header)$/;
/** Words for people, but for a variable or a folder that is called so. */
const PROSE_KEY = /^\+?(description|label)$/;
const SQL_WORDS = /on-run-|hook|sql.header/;

/**
 * The texts of a project file, or of properties beside models, that may read something;
 * or what is wrong with the file.
 */
export function projectTexts(text: string): {
  texts: ProjectText[];
  problem?: string;
} {
  const code = text.replace(/^\s*#.*$/gm, '');
  if (!hasReads(code) && !SQL_WORDS.test(code)) {
    return { texts: [] };
  }
  const { problems } = readYaml(text);
  if (problems.length > 0) {
    return { texts: [], problem: formatProblem(problems[0]) };
  }
  const lines = new LineCounter();
  // Its size, its depth and what its aliases become are within limits by now.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
  });
  const texts: ProjectText[] = [];
  for (const { scalar, keys } of textsBelow(document.contents, document)) {
    const isSql = keys.some(key => SQL_KEY.test(key));
    if (isSql || (!isProse(keys) && hasReads(scalar.value))) {
      const { line } = lines.linePos(scalar.range?.[0] ?? 0);
      // That of a block is the line of its `|`.
      const isBlock = scalar.type?.startsWith('BLOCK_') ?? false;
      texts.push({
        line: isBlock ? line + 1 : line,
        text: scalar.value,
        isSql,
      });
    }
  }
  return { texts };
}

function isProse(keys: readonly string[]): boolean {
  return PROSE_KEY.test(keys[keys.length - 1] ?? '') && !keys.includes('vars');
}

/** All texts, each with the keys that lead to it. */
function* textsBelow(
  node: Node | null | undefined,
  document: Document,
  keys: readonly string[] = [],
): Generator<{ scalar: Scalar<string>; keys: readonly string[] }> {
  if (isAlias(node)) {
    yield* textsBelow(node.resolve(document), document, keys);
  } else if (isMap<unknown, Node | null>(node)) {
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : key);
      yield* textsBelow(value, document, [...keys, name]);
    }
  } else if (isSeq<Node | null>(node)) {
    for (const item of node.items) {
      yield* textsBelow(item, document, keys);
    }
  } else if (isScalar(node) && typeof node.value === 'string') {
    yield { scalar: node as Scalar<string>, keys };
  }
}
