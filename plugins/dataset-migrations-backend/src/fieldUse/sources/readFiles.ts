import { readSqlText } from '../readSqlText';
import { SqlParser } from '../sql/SqlParser';
import { isTableNamedIn, isWritten } from '../sql/TableNames';
import { DatasetTable, SqlFieldUses } from '../sql/types';
import { TemplateProject } from '../template/evaluate';
import { DbtProject } from './DbtProject';
import { mayMacroRead, mayRead, namesSource } from './mayRead';
import { readProjectTexts } from './readProjectTexts';
import { SourceFile, UnreadFile } from './types';

/** A field of a dataset that a file reads. */
export interface FileFieldUse {
  datasetRef: string;
  field: string;
  file: string;
  /** From 1. */
  line: number;
  star?: true;
}

/** SQL that belongs to no dbt project. */
const NO_PROJECT: TemplateProject = {
  isModel: () => false,
  source: () => undefined,
  sourceTables: () => [],
  variable: () => undefined,
};

/** What speaks of datasets without reading them: entities and contracts. */
const DESCRIPTION =
  /^["']?(apiVersion["']?:\s*["']?backstage\.io\/|kind["']?:\s*["']?DataContract\b)/m;

export interface ReadFilesOptions {
  /** Among the files. */
  projects: readonly DbtProject[];
  parser: SqlParser;
  /** Tried in this order. */
  dialects: readonly string[];
  tables: readonly DatasetTable[];
  signal?: AbortSignal;
  /** Whether there is no time left; what is not read by then is said to be so. */
  isSpent?(): boolean;
}

/** Which fields of datasets the files of a source read, and what may read others. */
export async function readFiles(
  files: readonly SourceFile[],
  options: ReadFilesOptions,
): Promise<{ uses: FileFieldUse[]; unread: UnreadFile[]; spent: boolean }> {
  const { projects, tables, signal, isSpent = () => false } = options;
  const uses: FileFieldUse[] = [];
  const isMeant = (names: readonly string[]) =>
    tables.some(table => isWritten(table, names));
  const unread = projects.flatMap(project => [
    ...project.unread,
    ...project.unreadChecks(isMeant),
  ]);
  for (const file of files) {
    signal?.throwIfAborted();
    if (isSpent()) {
      unread.push({
        file: file.path,
        reason:
          'is not read, nor what comes after it: the source takes too long',
      });
      return { uses, unread, spent: true };
    }
    const project = projects.find(one => one.has(file.path));
    const found = await readSql(file, { ...options, project });
    if (found) {
      for (const use of found.uses) {
        uses.push({ ...use, file: file.path });
      }
      unread.push(...found.unread.map(part => ({ file: file.path, ...part })));
    } else {
      unread.push(...(await readOther(file, { project, tables })));
    }
  }
  return { uses, unread, spent: isSpent() };
}

/** What of a file is read as SQL; undefined where it is of another kind. */
async function readSql(
  file: SourceFile,
  options: ReadFilesOptions & { project: DbtProject | undefined },
): Promise<SqlFieldUses | undefined> {
  const { project = NO_PROJECT } = options;
  const inProject = { ...options, project };
  if (options.project?.isSettings(file.path)) {
    return readProjectTexts(options.project.textsOf(file.path), inProject);
  }
  const isMacro = options.project?.roleOf(file.path) === 'macro';
  return /\.sql$/i.test(file.path) && !isMacro
    ? readSqlText(await file.text(), inProject)
    : undefined;
}

/** What is no query: macros, models in Python, and code of any other kind. */
async function readOther(
  file: SourceFile,
  options: {
    project: DbtProject | undefined;
    tables: readonly DatasetTable[];
  },
): Promise<UnreadFile[]> {
  const { path } = file;
  const { project, tables } = options;
  if (/\.csv$/i.test(path)) {
    return [];
  }
  const text = await file.text();
  const inProject = { tables, project: project ?? NO_PROJECT };
  if (/\.sql$/i.test(path)) {
    return mayMacroRead(text, inProject)
      ? [{ file: path, reason: 'is a macro, which is not evaluated' }]
      : [];
  }
  if (/\.py$/i.test(path) && project?.isModelFile(path)) {
    return mayRead(text, inProject)
      ? [{ file: path, reason: 'is a model in Python, which is not read' }]
      : [];
  }
  const named = tables.find(table => isTableNamedIn(table, text));
  if (named && !DESCRIPTION.test(text)) {
    const name = named.names[named.names.length - 1];
    return [
      {
        file: path,
        line: lineOf(text, named),
        reason: `names ${name} in code that is not read`,
      },
    ];
  }
  return namesSource(text, inProject)
    ? [{ file: path, reason: 'names the source in code that is not read' }]
    : [];
}

/** The first line that names a table. */
function lineOf(text: string, table: DatasetTable): number {
  return text.split('\n').findIndex(line => isTableNamedIn(table, line)) + 1;
}
