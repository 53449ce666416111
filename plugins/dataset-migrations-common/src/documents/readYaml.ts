import { JsonValue } from '@backstage/types';
import { parseAllDocuments, YAMLError } from 'yaml';
import { DocumentProblem } from './problems';

/** Characters. Real contracts of hundreds of fields stay below a tenth of it. */
const MAX_LENGTH = 1_000_000;

/** How often all aliases of a document may be resolved: refuses alias bombs. */
const MAX_ALIASES = 100;

/** Levels of nesting; ODCS needs about ten. */
const MAX_DEPTH = 64;

/**
 * What a text holds, or what is wrong with it.
 *
 * @public
 */
export type ReadResult =
  | { value: JsonValue; problems: [] }
  | { value?: undefined; problems: DocumentProblem[] };

/**
 * Reads YAML text that nobody vouches for: one document, YAML 1.2 core schema,
 * with limits on size, nesting and aliases.
 *
 * @public
 */
export function readYaml(text: string): ReadResult {
  if (typeof text !== 'string') {
    return refuse('must be YAML text');
  }
  if (text.length > MAX_LENGTH) {
    return refuse(
      `must be at most ${MAX_LENGTH} characters, but has ${text.length}`,
    );
  }
  if (deepestBracket(text) > MAX_DEPTH) {
    return refuse(`must not nest deeper than ${MAX_DEPTH} levels`);
  }
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: true,
  });
  if (!Array.isArray(documents) || documents.length === 0) {
    return refuse('must not be empty');
  }
  if (documents.length > 1) {
    return refuse(`must hold one YAML document, but holds ${documents.length}`);
  }
  const [document] = documents;
  if (document.errors.length > 0) {
    return { problems: document.errors.map(toProblem) };
  }
  try {
    const value = document.toJS({ maxAliasCount: MAX_ALIASES });
    return isDeeperThan(value, MAX_DEPTH)
      ? refuse(`must not nest deeper than ${MAX_DEPTH} levels`)
      : { value, problems: [] };
  } catch (error) {
    // Unresolved aliases, and more of them than allowed.
    return refuse(`is not valid YAML: ${(error as Error).message}`);
  }
}

function refuse(message: string): ReadResult {
  return { problems: [{ path: '', message }] };
}

function toProblem(error: YAMLError): DocumentProblem {
  return {
    path: '',
    message: `is not valid YAML: ${error.message.split('\n')[0]}`,
  };
}

/**
 * How deep flow brackets nest. The parser is recursive, so this must be known
 * before it runs; block indentation is bounded by the length of the text.
 */
function deepestBracket(text: string): number {
  let open = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') {
      deepest = Math.max(deepest, ++open);
    } else if (character === ']' || character === '}') {
      open = Math.max(0, open - 1);
    }
  }
  return deepest;
}

/** Stops at the first path that is too deep, as a bomb has very many of them. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return (
    levels === 0 ||
    Object.values(value).some(child => isDeeperThan(child, levels - 1))
  );
}
