import { InputError } from '@backstage/errors';
import {
  columnName,
  Expression,
  Field,
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { sameType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { finalProjection, hasAgents } from '../agents/runSegments';
import { formatPartition, partitionsOf } from '../places/partitions';
import { QueryError } from '../process/QueryError';
import { Query } from '../process/Session';
import { partitionColumns, withPartitions } from './fileRelation';
import { projectFields } from './projectFields';
import { spell } from './spell';

/** Where the parts that come from a file go, below the folder of the parts. */
export interface PartitionFolders {
  folders: string[];
  /** Names of the target's fields that those folders tell, and the parts do not. */
  fields: ReadonlySet<string>;
}

/**
 * The fields of the target that the names of folders go on to tell: what is
 * kept, renamed or cast, and nothing else, of a field that they tell now. What
 * is computed of them, and everything that passes through an imperative agent,
 * becomes a column in the files.
 *
 * @param names - of the columns that the folders of the source tell
 */
export function partitionFields(
  mapping: Mapping,
  names: string[],
): ProjectedField[] {
  if (hasAgents(mapping)) {
    return [];
  }
  const projection = finalProjection(mapping);
  return names.flatMap(name => {
    const source = mapping.source.find(field => columnName(field) === name);
    return (
      projection.find(
        ({ expression }) => source && keptField(expression) === source.name,
      ) ?? []
    );
  });
}

/**
 * The folders for what a file of the source becomes. A value that is kept keeps
 * its spelling too: `month=01` stays that.
 *
 * @throws InputError naming the field that cannot be cast
 */
export async function partitionFolders(
  query: Query,
  mapping: Mapping,
  path: string,
): Promise<PartitionFolders> {
  const shared = partitionsOf(path);
  const projected = partitionFields(
    mapping,
    shared.map(({ name }) => name),
  );
  const folders: string[] = [];
  for (const one of projected) {
    const name = columnName(one.field);
    const source = fieldNamed(mapping, keptField(one.expression)!);
    const found = shared.find(item => item.name === columnName(source))!;
    const text =
      one.expression.op === 'field' && sameType(source.type, one.field.type)
        ? found.text
        : await computed(query, mapping, path, one);
    folders.push(formatPartition({ name, text }));
  }
  return { folders, fields: new Set(projected.map(({ field }) => field.name)) };
}

function keptField(expression: Expression): string | undefined {
  switch (expression.op) {
    case 'field':
      return expression.name;
    case 'cast':
      return keptField(expression.operand);
    default:
      return undefined;
  }
}

function fieldNamed(mapping: Mapping, name: string): Field {
  return mapping.source.find(field => field.name === name)!;
}

async function computed(
  query: Query,
  mapping: Mapping,
  path: string,
  projected: ProjectedField,
): Promise<string | null> {
  const row = withPartitions(
    { sql: '(SELECT 1)', fields: new Map() },
    partitionColumns(path),
    mapping.source,
  );
  const [{ field, sql }] = projectFields(row, [projected]);
  try {
    const [found] = await query(
      `SELECT ${spell(sql, field.type)} AS value FROM ${row.sql}`,
    );
    return found.value as string | null;
  } catch (error) {
    if (error instanceof QueryError) {
      throw new InputError(
        `'${field.name}' cannot be computed from the name of a folder of '${path}': ${error.message}`,
      );
    }
    throw error;
  }
}
