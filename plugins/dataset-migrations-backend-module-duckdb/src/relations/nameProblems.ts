import {
  columnName,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ROW } from '../formats/Format';

/** Names that the engine adds to every scan. */
const TAKEN = [ROW, 'file_row_number'];

/** Why fields cannot be the columns of one file. DuckDB's names ignore case. */
export function nameProblems(fields: Field[]): string[] {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const field of fields) {
    const name = columnName(field);
    const folded = name.toLocaleLowerCase('en-US');
    const other = seen.get(folded);
    if (other !== undefined) {
      problems.push(
        `The columns '${other}' and '${name}' differ in case only, which DuckDB does not tell apart`,
      );
    }
    if (TAKEN.includes(folded)) {
      problems.push(`A column cannot be named '${name}', the engine needs it`);
    }
    seen.set(folded, name);
  }
  return problems;
}
