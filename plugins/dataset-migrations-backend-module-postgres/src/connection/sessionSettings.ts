/** What the application names of the engine's own sessions begin with. */
export const OWN_SESSIONS = 'skein';

/**
 * Settings of every session, so that no value's text depends on the server's
 * or the role's defaults and no name resolves outside `pg_catalog`.
 *
 * What is asked of the catalog is the same for every table and found by an index
 * nearly always, so a connection plans each question once; see
 * {@link plannedForValues} for what must not be.
 */
export const sessionSettings: Record<string, string> = {
  application_name: OWN_SESSIONS,
  search_path: 'pg_catalog',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  xmlbinary: 'base64',
  lc_monetary: 'C',
  plan_cache_mode: 'force_generic_plan',
};

/** SQL that has statements planned for their parameters, as lists of keys need it. */
export const plannedForValues = setLocal('auto');

/** Ends {@link plannedForValues}. */
export const plannedOnce = setLocal(sessionSettings.plan_cache_mode);

function setLocal(mode: string): string {
  return `SET LOCAL plan_cache_mode = ${mode}`;
}
