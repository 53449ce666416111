import { JsonObject } from '@backstage/types';
import { ServiceLevel } from './types';

/** The `slaProperties` of a document that the JSON Schema has accepted. */
export function readServiceLevels(document: JsonObject): ServiceLevel[] {
  return ((document.slaProperties ?? []) as JsonObject[]).map(level => ({
    property: String(level.property),
    value: (level.value ?? null) as ServiceLevel['value'],
    ...textsOf(level),
  }));
}

function textsOf({ unit, element, driver }: JsonObject) {
  return {
    ...(typeof unit === 'string' && { unit }),
    ...(typeof element === 'string' && { element }),
    ...(typeof driver === 'string' && { driver }),
  };
}
