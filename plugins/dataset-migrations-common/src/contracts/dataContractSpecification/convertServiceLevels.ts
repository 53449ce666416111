import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../../documents/problems';
import { isObject, objectsIn } from './shapes';

/** What the older specification promises, by service level and key. */
const promises: ReadonlyArray<[level: string, key: string, property: string]> =
  [
    ['availability', 'percentage', 'availability'],
    ['retention', 'period', 'retention'],
    ['latency', 'threshold', 'latency'],
    ['freshness', 'threshold', 'freshness'],
    ['frequency', 'interval', 'frequency'],
    ['frequency', 'cron', 'schedule'],
    ['support', 'time', 'supportTime'],
    ['support', 'responseTime', 'supportResponseTime'],
    ['backup', 'interval', 'backupInterval'],
    ['backup', 'recoveryTime', 'recoveryTime'],
    ['backup', 'recoveryPoint', 'recoveryPoint'],
  ];

/** The service levels as `slaProperties` of ODCS. */
export function convertServiceLevels(
  serviceLevels: JsonValue | undefined,
  problems: DocumentProblem[],
): JsonObject[] {
  const levels = Object.fromEntries(
    objectsIn(serviceLevels, 'servicelevels', problems),
  );
  const told = promises.flatMap(([level, key, property]) => {
    const value = levels[level]?.[key];
    return typeof value === 'string' || typeof value === 'number'
      ? [{ property, value }]
      : [];
  });
  return isObject(levels.retention) && levels.retention.unlimited === true
    ? [...told, { property: 'retention', value: 'unlimited' }]
    : told;
}
