import { asExpression, Data, isObject, listOf, nameOf } from './ast';
import type { QueryReader } from './QueryReader';
import { Relation } from './relations';
import { Scope } from './Scope';

/**
 * What the definition of a table takes from others, besides a query: foreign keys,
 * the columns of those that it is like, a part or a clone of.
 *
 * @param data - of CREATE TABLE
 */
export function readReferences(data: Data, reader: QueryReader): void {
  const constraints = [
    ...listOf(data.columns).flatMap(column => listOf(column.constraints)),
    ...listOf(data.constraints),
  ];
  for (const constraint of constraints.filter(isObject)) {
    reference(constraint.References, reader);
    reference(constraint.ForeignKey?.references, reader);
    all(constraint.Like?.source, reader);
  }
  listOf(data.inherits).forEach(table => all(table, reader));
  const partition = asExpression(data.partition_of);
  all(asExpression(partition?.data.this)?.data, reader);
  all(data.clone_source, reader);
}

/** A foreign key without columns is one to the primary key, which SQL does not tell. */
function reference(key: Data | undefined, reader: QueryReader): void {
  if (!key) {
    return;
  }
  const target = relationOf(key.table, reader);
  const columns = listOf(key.columns);
  if (columns.length === 0) {
    target?.readAll(reader.at(key.table));
  }
  for (const column of columns) {
    const name = nameOf(column);
    if (name !== undefined) {
      target?.read(name, [], reader.at(column));
    }
  }
}

function all(table: Data | undefined, reader: QueryReader): void {
  relationOf(table, reader)?.readAll(reader.at(table));
}

function relationOf(
  table: Data | undefined,
  reader: QueryReader,
): Relation | undefined {
  const scope = new Scope();
  reader.sources.read(table && { table }, scope);
  return scope.relations[0];
}
