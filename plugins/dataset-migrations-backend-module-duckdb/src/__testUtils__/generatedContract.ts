import { JsonObject } from '@backstage/types';
import { Column, familyOf } from './columnValues';
import { Table } from './contractPairs';

/** A generated contract in JSON, which is YAML, too. */
export function generatedContract(table: Table): string {
  const { name, columns, inside, key, beside } = table;
  return JSON.stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'generated',
    version: '1.0.0',
    status: 'active',
    schema: [
      {
        name: 't',
        id: 'o-t',
        physicalName: name,
        properties: [
          ...columns.map(column => propertyOf(column, key)),
          ...(inside.length > 0
            ? [
                {
                  name: 's',
                  logicalType: 'object',
                  properties: inside.map(column => propertyOf(column)),
                },
              ]
            : []),
        ],
      },
      ...(beside
        ? [
            {
              name: 'beside',
              properties: [{ name: 'id', physicalType: 'integer' }],
            },
          ]
        : []),
    ],
  });
}

function propertyOf(column: Column, key: string[] = []): JsonObject {
  const { name, physicalName, id, type, required, unique, nulls } = column;
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = column;
  const { pattern, format } = column;
  const options = {
    minimum,
    maximum,
    minLength,
    maxLength,
    minItems,
    maxItems,
    pattern,
    format,
  };
  const logicalType = { text: 'string', list: 'array' }[familyOf(column)];
  return {
    name,
    id,
    ...(physicalName !== undefined && { physicalName }),
    ...(logicalType !== undefined && { logicalType }),
    ...(logicalType === 'array' && {
      items: { logicalType: 'integer', physicalType: type.slice(0, -2) },
    }),
    physicalType: type,
    required,
    unique,
    ...(key.includes(name) && {
      primaryKey: true,
      primaryKeyPosition: key.indexOf(name) + 1,
    }),
    logicalTypeOptions: Object.fromEntries(
      Object.entries(options).flatMap(([option, value]) =>
        value === undefined ? [] : [[option, value]],
      ),
    ),
    ...(column.enum && {
      customProperties: [{ property: 'enum', value: column.enum }],
    }),
    ...(nulls !== undefined && {
      quality: [{ metric: 'nullValues', mustBeLessThan: nulls + 1 }],
    }),
  };
}
