import { DbtProject } from '../sources/DbtProject';
import { readFiles } from '../sources/readFiles';
import { SourceFile } from '../sources/types';
import { SqlParser } from '../sql/SqlParser';
import { flightsTable } from './flights';

/** Sources of which `raw.facts` is the dataset's table, and `other.flights` is not. */
export const sourcesYaml = `
sources:
  - name: raw
    schema: public
    tables:
      - name: facts
        identifier: flights
  - name: other
    schema: archive
    tables: [{ name: flights }]
`;

export function filesOf(contents: Record<string, string>): SourceFile[] {
  return Object.entries(contents).map(([path, content]) => ({
    path,
    text: async () => content,
  }));
}

/** What files read of the flights, as `file:line field`, and what of them is not read. */
export async function readContents(
  contents: Record<string, string>,
  parser: SqlParser,
): Promise<{ uses: string[]; unread: string[] }> {
  const files = filesOf(contents);
  const projects = await DbtProject.find(files);
  const { uses, unread } = await readFiles(files, {
    projects,
    parser,
    dialects: ['postgresql'],
    tables: [flightsTable()],
  });
  return {
    uses: uses.map(({ file, line, field }) => `${file}:${line} ${field}`),
    unread: unread.map(
      ({ file, line, reason }) =>
        `${file}${line === undefined ? '' : `:${line}`} ${reason}`,
    ),
  };
}
