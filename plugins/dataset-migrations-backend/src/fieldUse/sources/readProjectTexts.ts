import { mergeFieldUses, readSqlText } from '../readSqlText';
import { namesTable } from '../sql/readFieldUses';
import { SqlFieldUses } from '../sql/types';
import { mayTextRead, namesSource } from './mayRead';
import { ProjectText } from './projectTexts';

/** Rights on what a template names: they read no column. */
const RIGHTS = /^\s*(grant|revoke)\b[^;]*;?\s*$/i;

/**
 * Which fields of datasets the YAML of a dbt project reads: its hooks are SQL; of what
 * else it says only whether it names one of the tables is known.
 */
export async function readProjectTexts(
  texts: readonly ProjectText[],
  options: Parameters<typeof readSqlText>[1],
): Promise<SqlFieldUses> {
  const results: SqlFieldUses[] = [];
  for (const { text, line, isSql } of texts) {
    const { uses, unread } = isSql
      ? await readHook(text, options)
      : searchText(text, options);
    const shift = line - 1;
    results.push({
      uses: uses.map(use => ({ ...use, line: use.line + shift })),
      unread: unread.map(part => ({
        ...part,
        line: (part.line ?? 1) + shift,
      })),
    });
  }
  return mergeFieldUses(results);
}

async function readHook(
  text: string,
  options: Parameters<typeof readSqlText>[1],
): Promise<SqlFieldUses> {
  const isOfOthers =
    RIGHTS.test(text) &&
    !namesTable(text, options) &&
    !namesSource(text, options);
  return isOfOthers ? { uses: [], unread: [] } : readSqlText(text, options);
}

function searchText(
  text: string,
  options: Parameters<typeof readSqlText>[1],
): SqlFieldUses {
  const reason = 'names the source in a setting that is not read';
  return {
    uses: [],
    unread: mayTextRead(text, options) ? [{ reason }] : [],
  };
}
