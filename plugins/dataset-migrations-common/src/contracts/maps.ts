import { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from './dataContractSpecification/shapes';
import { rewriteObjects } from './rewriteObjects';

/** A map in words of ODCS 3.1: a list of keys and values. */
export function mapAsList(key: JsonObject, value: JsonObject): JsonObject {
  return {
    logicalType: 'array',
    items: {
      logicalType: 'object',
      properties: [
        { ...key, name: 'key' },
        { ...value, name: 'value' },
      ],
    },
  };
}

/**
 * A document with its maps, which came with version 3.2 of the standard, as
 * lists, so that what is in them is compared.
 */
export function withoutMaps(document: JsonValue): JsonValue {
  return rewriteObjects(document, object => {
    if (object.logicalType !== 'map') {
      return object;
    }
    const { map, ...property } = object;
    const part = (name: string): JsonObject => {
      const inside = isObject(map) ? map[name] : undefined;
      return isObject(inside) ? inside : {};
    };
    return { ...property, ...mapAsList(part('key'), part('value')) };
  });
}
