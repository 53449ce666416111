import { assertError } from '@backstage/errors';
import { mayRead } from './sources/mayRead';
import { namesTable, readFieldUses } from './sql/readFieldUses';
import { SqlParser } from './sql/SqlParser';
import { DatasetTable, SqlFieldUses, UnreadPart } from './sql/types';
import { TemplateProject } from './template/evaluate';
import { RenderedSql } from './template/Renderer';
import { isTemplate, renderTemplate } from './template/renderTemplate';
import { TemplateError } from './template/TemplateError';

const NOTHING: SqlFieldUses = { uses: [], unread: [] };

/**
 * Which fields of datasets one file of SQL reads, which may be a template. What
 * cannot be read is said with its reason, if it names one of the tables at all.
 */
export async function readSqlText(
  text: string,
  options: {
    parser: SqlParser;
    /** Tried in this order. */
    dialects: readonly string[];
    tables: readonly DatasetTable[];
    project: TemplateProject;
    /** Whether there is no time left. */
    isSpent?(): boolean;
  },
): Promise<SqlFieldUses> {
  const { tables, project, isSpent = () => false } = options;
  let rendered: RenderedSql[];
  try {
    rendered = isTemplate(text)
      ? renderTemplate(text, project)
      : [{ sql: text, placeholders: new Map() }];
  } catch (error) {
    if (!(error instanceof TemplateError)) {
      throw error;
    }
    return mayRead(text, options)
      ? { uses: [], unread: [{ line: error.line, reason: error.message }] }
      : NOTHING;
  }
  const results: SqlFieldUses[] = [];
  for (const one of rendered) {
    if (isSpent()) {
      const reason =
        'is not read in all of its ways: the source takes too long';
      results.push({ uses: [], unread: [{ reason }] });
      break;
    }
    if (namesTable(one.sql, { tables, placeholders: one.placeholders })) {
      results.push(await readRendered(one, options));
    }
  }
  return mergeFieldUses(results);
}

async function readRendered(
  { sql, placeholders }: RenderedSql,
  options: Parameters<typeof readSqlText>[1],
): Promise<SqlFieldUses> {
  const { parser, dialects, tables } = options;
  let failure: UnreadPart | undefined;
  for (const dialect of dialects) {
    const parsed = await parser.parse(sql, dialect);
    if ('error' in parsed) {
      failure ??= {
        ...(parsed.line && { line: parsed.line }),
        reason: `is not parsed: ${parsed.error}`,
      };
      continue;
    }
    try {
      return readFieldUses(sql, parsed.statements, { tables, placeholders });
    } catch (error) {
      // The tree is the parser's, and there is no end of what it may hold.
      assertError(error);
      const reason =
        error instanceof RangeError ? 'it is nested too deeply' : error.message;
      return { uses: [], unread: [{ reason: `is not read: ${reason}` }] };
    }
  }
  return { uses: [], unread: failure ? [failure] : [] };
}

/** What several texts of one file read, each once. */
export function mergeFieldUses(results: SqlFieldUses[]): SqlFieldUses {
  const uses = new Map(
    results
      .flatMap(result => result.uses)
      .map(use => [JSON.stringify(use), use] as const),
  );
  const unread = new Map(
    results
      .flatMap(result => result.unread)
      .map(part => [JSON.stringify(part), part] as const),
  );
  return { uses: [...uses.values()], unread: [...unread.values()] };
}
