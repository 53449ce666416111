import { useEffect, useState } from 'react';
import { DateTime } from 'luxon';

/** The time, once a second while `ticking`. */
export function useNow(ticking: boolean): DateTime {
  const [now, setNow] = useState(() => DateTime.now());
  useEffect(() => {
    if (!ticking) {
      return undefined;
    }
    const timer = setInterval(() => setNow(DateTime.now()), 1_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
