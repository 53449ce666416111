import { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from './dataContractSpecification/shapes';
import { rewriteObjects } from './rewriteObjects';

const ENDS = [
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
];

/**
 * A document with exclusive ends of ranges in words of ODCS 3.1, where they are
 * values. In 3.0 they only said whether `minimum` or `maximum` is one.
 */
export function withExclusiveEnds(document: JsonValue): JsonValue {
  return rewriteObjects(document, object =>
    isObject(object.logicalTypeOptions)
      ? {
          ...object,
          logicalTypeOptions: rewriteEnds(object.logicalTypeOptions),
        }
      : object,
  );
}

function rewriteEnds(options: JsonObject): JsonObject {
  return ENDS.reduce((rewritten, [end, exclusiveEnd]) => {
    const { [end]: value, [exclusiveEnd]: isExclusive, ...others } = rewritten;
    if (typeof isExclusive !== 'boolean') {
      return rewritten;
    }
    return value === undefined
      ? others
      : { ...others, [isExclusive ? exclusiveEnd : end]: value };
  }, options);
}
