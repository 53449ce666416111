import { readSqlText } from '../readSqlText';
import { namesTable } from '../sql/readFieldUses';
import { SqlParser } from '../sql/SqlParser';
import { DatasetTable } from '../sql/types';
import { TemplateProject } from '../template/evaluate';
import { DbtProject } from './DbtProject';
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
  variable: () => undefined,
};

/**
 * Which fields of datasets the files of a source read.
 *
 * @param options.projects - among the files
 * @param options.dialects - tried in this order
 */
export async function readFiles(
  files: readonly SourceFile[],
  options: {
    projects: readonly DbtProject[];
    parser: SqlParser;
    dialects: readonly string[];
    tables: readonly DatasetTable[];
    signal?: AbortSignal;
  },
): Promise<{ uses: FileFieldUse[]; unread: UnreadFile[] }> {
  const { projects, tables, signal } = options;
  const uses: FileFieldUse[] = [];
  const unread = projects.flatMap(project => project.unread);
  for (const file of files) {
    signal?.throwIfAborted();
    const project = projects.find(one => one.has(file.path));
    const isPython = /\.py$/i.test(file.path);
    if (!/\.(sql|py)$/i.test(file.path)) {
      continue;
    }
    if (isPython || project?.roleOf(file.path) === 'macro') {
      // A script that is no model is not the business of this.
      const isOurs = !isPython || project?.isModelFile(file.path);
      if (isOurs && namesTable(await file.text(), { tables })) {
        unread.push({
          file: file.path,
          reason: isPython
            ? 'is a model in Python, which is not read'
            : 'is a macro, which is not evaluated',
        });
      }
      continue;
    }
    const found = await readSqlText(await file.text(), {
      ...options,
      project: project ?? NO_PROJECT,
    });
    for (const use of found.uses) {
      uses.push({ ...use, file: file.path });
    }
    unread.push(...found.unread.map(part => ({ file: file.path, ...part })));
  }
  return { uses, unread };
}
