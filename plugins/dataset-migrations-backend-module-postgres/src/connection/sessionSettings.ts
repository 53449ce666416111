/** What the application names of the engine's own sessions begin with. */
export const OWN_SESSIONS = 'skein';

/**
 * Settings of every session, so that no value's text depends on the server's
 * or the role's defaults and no name resolves outside `pg_catalog`.
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
};
