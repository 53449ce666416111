import { namesTable } from '../sql/readFieldUses';
import { isWritten } from '../sql/TableNames';
import { DatasetTable } from '../sql/types';
import { TemplateProject } from '../template/evaluate';

interface Options {
  tables: readonly DatasetTable[];
  project: TemplateProject;
}

const CALL = /\b(source|ref)\s*\(([^()]*)\)?/g;
const LITERAL_ARGUMENTS =
  /^\s*(['"])([^'"]+)\1\s*(?:,\s*(['"])([^'"]+)\3\s*)?$/;

/**
 * Whether a text that is not understood, a template or a model in Python, may read one
 * of the tables. It may where it names one, and, in a project that has a source which is
 * one, unless it says by texts what it reads and that is all something else.
 */
export function mayRead(text: string, options: Options): boolean {
  if (namesTable(text, { tables: options.tables })) {
    return true;
  }
  if (!hasSource(options)) {
    return false;
  }
  const calls = callsIn(text);
  return (
    calls.length === 0 ||
    calls.some(call => call === undefined) ||
    namesSource(text, options)
  );
}

/** Whether a text names, by texts, a source that is one of the tables. */
export function namesSource(text: string, options: Options): boolean {
  return callsIn(text).some(call => {
    if (call?.table === undefined || call.name !== 'source') {
      return false;
    }
    const known = options.project.source(call.source, call.table);
    return isMeant(known ?? [call.table], options);
  });
}

/** Whether a text is of SQL or names files, rather than only has a word in it. */
const BY_NAME =
  /\b(from|join)\b|\bread_\w+\s*\(|\.(parquet|csv|json|ndjson)\b/i;
/** A macro that is given a text, which may be a table: `latest_of('flights')`. */
const BY_MACRO =
  /(?<=\w)(?<!\b(source|ref))\(\s*(\w+\s*=\s*)?['"]|\bidentifier\s*=/i;
/** What gives a table by names that may be put together: `api.Relation.create(…)`. */
const BY_RELATION = /\brelation\s*\.\s*create\w*\s*\(|_relation\s*\(/i;

/** Whether a text has a way of reading in it, of whatever. */
export function hasReads(text: string): boolean {
  return (
    [BY_NAME, BY_MACRO, BY_RELATION].some(way => way.test(text)) ||
    callsIn(text).length > 0
  );
}

/**
 * Whether a setting of a project, such as the condition of a test or what a snapshot is
 * of, may read one of the tables. Models of the project may be called as they are. What
 * it does not say by texts alone may be any source of the project.
 */
export function mayTextRead(text: string, options: Options): boolean {
  const { project } = options;
  const calls = callsIn(text);
  const isComputed =
    BY_RELATION.test(text) || calls.some(call => call === undefined);
  const mayName = isComputed || BY_NAME.test(text) || BY_MACRO.test(text);
  return (
    (isComputed && hasSource(options)) ||
    (mayName && namesTable(text, options)) ||
    namesSource(text, options) ||
    calls.some(
      call =>
        call?.name === 'ref' &&
        (call.table !== undefined || !project.isModel(call.source)) &&
        isMeant([call.table ?? call.source], options),
    )
  );
}

/** What a macro must have in it to read anything by itself. */
const READS =
  /\b(from|join|into|update|using|table|relation|source|ref|graph|adapter|run_query|statement|execute|schema|identifier)\b/i;

/** The same of a macro, which does something only where a model calls it. */
export function mayMacroRead(text: string, options: Options): boolean {
  return READS.test(text) && mayRead(text, options);
}

/** `source('raw', 'facts')` and the like; undefined for those not of texts. */
function callsIn(text: string) {
  return [...text.matchAll(CALL)].map(([, name, args]) => {
    const [, , source, , table] = LITERAL_ARGUMENTS.exec(args) ?? [];
    return source === undefined || (name === 'source' && table === undefined)
      ? undefined
      : { name, source, table: table as string | undefined };
  });
}

/** Whether a source of the project is one of the tables. */
function hasSource(options: Options): boolean {
  return [...options.project.sourceTables()].some(names =>
    isMeant(names, options),
  );
}

function isMeant(names: readonly string[], { tables }: Options): boolean {
  return tables.some(table => isWritten(table, names));
}
