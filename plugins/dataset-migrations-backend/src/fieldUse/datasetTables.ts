import {
  columnName,
  Field,
  fieldPrefix,
  objectsOf,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { fieldsInside } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { DatasetRecord } from '../datasets/types';
import { fold } from './sql/ast';
import { DatasetTable } from './sql/types';

interface Table extends DatasetTable {
  fields: Map<string, string[]>;
  nested: Map<string, string>;
  current: string[];
}

/**
 * The tables of a dataset, by all of its contracts: a consumer may read by the names
 * of a version to come.
 */
export function datasetTables(
  dataset: Pick<DatasetRecord, 'entityRef' | 'contracts' | 'currentVersion'>,
): DatasetTable[] {
  const tables = new Map<string, Table>();
  const { entityRef, contracts, currentVersion } = dataset;
  for (const contract of contracts) {
    const schemas = new Set(
      contract.servers.map(({ properties }) => properties.schema),
    );
    const [schema] = schemas.size === 1 ? schemas : [];
    for (const object of objectsOf(contract)) {
      const names = object.physicalName.split('.').slice(-2);
      if (names.length === 1 && typeof schema === 'string') {
        names.unshift(schema);
      }
      const key = fold(names.join('.'));
      const table = tables.get(key) ?? {
        datasetRef: entityRef,
        names,
        fields: new Map<string, string[]>(),
        nested: new Map<string, string>(),
        current: [],
      };
      tables.set(key, table);
      const prefix = fieldPrefix(contract, object);
      const fields = object.fields.map(field => ({
        column: fold(columnName(field)),
        name: `${prefix}${field.name}`,
      }));
      const isCurrent = contract.version === currentVersion;
      for (const { column, name } of fields) {
        const known = table.fields.get(column) ?? [];
        table.fields.set(column, [...new Set([...known, name])]);
      }
      for (const field of object.fields) {
        takeNested(field, `${prefix}${field.name}`, table.nested);
      }
      if (isCurrent || table.current.length === 0) {
        table.current = fields.map(({ name }) => name);
      }
    }
  }
  return [...tables.values()];
}

/** Notes the fields inside another, each by its path in lower case. */
function takeNested(
  field: Field,
  path: string,
  nested: Map<string, string>,
): void {
  for (const inner of fieldsInside(field)) {
    const name = `${path}.${inner.name}`;
    const columns = [inner.name, columnName(inner)];
    for (const column of columns) {
      const key = fold(`${path}.${column}`);
      // Two that differ in case alone count as the field around them.
      nested.set(key, (nested.get(key) ?? name) === name ? name : path);
    }
    takeNested(inner, name, nested);
  }
}
