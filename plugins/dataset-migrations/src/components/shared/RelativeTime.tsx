import { DateTime } from 'luxon';

/** `3 minutes ago`, with the exact time on hover and for machines. */
export function RelativeTime(props: { at: string }) {
  const at = DateTime.fromISO(props.at);
  return (
    <time
      style={{ whiteSpace: 'nowrap' }}
      dateTime={props.at}
      title={at.toLocaleString(DateTime.DATETIME_MED_WITH_SECONDS)}
    >
      {at.toRelative({ locale: 'en' })}
    </time>
  );
}
