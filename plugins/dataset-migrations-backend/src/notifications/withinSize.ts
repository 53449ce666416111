import { JsonArray, JsonObject } from '@backstage/types';

/** What receivers should take by CloudEvents: 64 KiB. */
export const MAX_EVENT_BYTES = 64 * 1024;

/**
 * An event that is no larger than receivers take: of long lists of changes and of
 * the consumer's reasons the beginning, with the number that was left out as
 * `changesOmitted` and `reasonsOmitted`. The link in the event leads to all of them.
 */
export function withinSize(event: JsonObject): JsonObject {
  const data = event.data as JsonObject;
  const consumer = data.consumer as JsonObject | undefined;
  let fitted = event;
  let keep = Math.max(
    (data.changes as JsonArray).length,
    (consumer?.reasons as JsonArray | undefined)?.length ?? 0,
  );
  while (keep > 0 && sizeOf(fitted) > MAX_EVENT_BYTES) {
    keep = Math.floor(keep / 2);
    fitted = {
      ...event,
      data: {
        ...data,
        ...beginning(data, 'changes', keep),
        ...(consumer && {
          consumer: { ...consumer, ...beginning(consumer, 'reasons', keep) },
        }),
      },
    };
  }
  return fitted;
}

function beginning(of: JsonObject, list: string, keep: number): JsonObject {
  const all = of[list] as JsonArray;
  return all.length > keep
    ? {
        [list]: all.slice(0, keep),
        [`${list}Omitted`]: all.length - keep,
      }
    : {};
}

function sizeOf(event: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(event));
}
